// Why a leaf that doesn't hold probably doesn't: the first reason of the table that fits is the one told.
import { ENVELOPE_FIELDS, isSourceOf, OMITTED, serviceOfSource, sourceOn, withoutHost } from '../../cloudtrail.ts';
import { ipAddressOf } from '../address.ts';
import type { Leaf, Matcher } from '../ast.ts';
import { lettersOf, nearest } from '../nearest.ts';
import { existingPart, pathsOf, type ValueAt, type View } from './view.ts';
import { matcherText } from './wanted.ts';

export interface Reason {
  kind: ReasonKind;
  /** What is the matter and what to write instead, to a person. */
  text: string;
}

/** A leaf that doesn't hold, beside what the event has. */
interface Failure {
  leaf: Leaf;
  path: string;
  values: ValueAt[];
  view: View;
}

type Guess = (failure: Failure) => string | undefined;

const shown = (value: unknown) => JSON.stringify(value);
const cut = (text: string) => (text.length > 80 ? `${text.slice(0, 77)}…` : text);
const textsOf = ({ values }: Failure): string[] => values.map(({ value }) => value).filter((value) => typeof value === 'string');

/** The strings a matcher names, whatever its operator; what `anything-but` names is not wanted. */
function namedBy(matcher: Matcher): string[] {
  return 'value' in matcher && typeof matcher.value === 'string' ? [matcher.value] : [];
}

const wantedStrings = ({ leaf }: Failure): string[] =>
  leaf.matchers.flatMap((matcher) => (matcher.kind === 'string' ? [matcher.value] : []));

/** The first pair of a wanted and a given text that stand so to each other. */
function pair(wanted: string[], given: string[], fits: (wanted: string, given: string) => boolean): [string, string] | undefined {
  for (const want of wanted) for (const give of given) if (fits(want, give)) return [want, give];
  return undefined;
}

const isBareRecord = ({ shapes, leaves }: View) => !shapes.has('detail') && leaves.has('eventVersion') && leaves.has('eventName');
const isEnvelope = ({ shapes, leaves }: View) => shapes.has('detail') && (leaves.has('source') || leaves.has('detail-type'));

const bareRecord: Guess = ({ path, view }) =>
  isBareRecord(view) && ENVELOPE_FIELDS.includes(path.split('.')[0]!)
    ? 'the event is a bare CloudTrail record, not an event of the bus: the record belongs under `detail` (`--record` wraps it)'
    : undefined;

const noDetail: Guess = ({ path, view }) => {
  if (!isEnvelope(view) || ENVELOPE_FIELDS.includes(path.split('.')[0]!) || existingPart(view, `detail.${path}`) === 'detail')
    return undefined;
  return `\`${path}\` stands under \`detail\` in the event: write {"detail": {"${path.split('.')[0]}": …}}`;
};

const isNative = (source: string) => isSourceOf('native', source);
const isOurs = (source: string) => isSourceOf('trailbus', source);

const sourceOfNativeFeed: Guess = (failure) => {
  if (failure.path !== 'source') return undefined;
  const wanted = failure.leaf.matchers.flatMap(namedBy);
  const given = textsOf(failure);
  const native = wanted.find(isNative);
  if (native !== undefined && given.some(isOurs))
    return `\`source\` begins with \`aws.\` on the native feed only; this bus says \`${sourceOn('trailbus', native)}\` (\`trailbus rules port\` changes it)`;
  const ours = wanted.find(isOurs);
  if (ours !== undefined && given.some(isNative))
    return `the event is of the native feed, where \`source\` is \`${sourceOn('native', ours)}\`; only this bus says \`${ours}\``;
  return undefined;
};

const detailTypeMisspelt: Guess = (failure) => {
  if (failure.path !== 'detail-type') return undefined;
  const found = pair(wantedStrings(failure), textsOf(failure), (want, give) => {
    const [wanted, given] = [lettersOf(want), lettersOf(give)];
    return wanted === given || given.startsWith(wanted) || nearest(wanted, [given]) !== undefined;
  });
  return found && `the detail-type is spelt ${shown(found[1])}, not ${shown(found[0])}`;
};

const OUTSIDE: Record<string, string> = { account: 'recipientAccountId', region: 'awsRegion', time: 'eventTime', id: 'eventID' };

const envelopeField: Guess = ({ path, leaf, view }) => {
  const inside = OUTSIDE[path];
  const values = inside === undefined ? undefined : view.leaves.get(`detail.${inside}`);
  const wanted = leaf.matchers.flatMap(namedBy);
  if (!values?.some(({ value }) => wanted.includes(String(value)))) return undefined;
  return `\`${path}\` of the envelope is the bus's own; the record's stands in \`detail.${inside}\``;
};

/** The path as it may have been meant: misspelt in one step, or with steps left out (`ipPermissions.fromPort` for `ipPermissions.items.fromPort`). */
const meantPath = (path: string, view: View): string | undefined =>
  misspeltStep(path, view) ?? (isOmittedField(path) ? undefined : leftOut(path.split('.'), view));

/** A field that records have, though not this one; what stands deeper in parameters and answers may still be misplaced. */
const isOmittedField = (path: string) =>
  OMITTED.some(([fits]) => fits.test(path)) && !/^detail\.(requestParameters|responseElements|additionalEventData)\./.test(path);

function misspeltStep(path: string, view: View): string | undefined {
  const parent = existingPart(view, path);
  const begin = parent === '' ? '' : `${parent}.`;
  const [step = '', ...rest] = path.slice(begin.length).split('.');
  const siblings = pathsOf(view).flatMap((each) => (each.startsWith(begin) ? [each.slice(begin.length)] : []));
  const sibling = nearest(
    step,
    siblings.filter((each) => !each.includes('.')),
  );
  if (sibling === undefined) return undefined;
  const meant = [begin + sibling, ...rest].join('.');
  return view.leaves.has(meant) ? meant : undefined;
}

/** A leaf whose steps are those wanted with one or two more between them. */
function leftOut(steps: string[], view: View): string | undefined {
  return [...view.leaves.keys()].find((each) => {
    const longer = each.split('.');
    const extra = longer.length - steps.length;
    let at = 0;
    for (const step of longer) if (step === steps[at]) at++;
    return extra > 0 && extra <= 2 && at === steps.length && longer[0] === steps[0] && longer.at(-1) === steps.at(-1) && steps.length > 1;
  });
}

const misspeltPath: Guess = ({ path, values, view }) => {
  if (values.length > 0 || view.shapes.has(path)) return undefined;
  const meant = meantPath(path, view);
  return meant && `there is no \`${path}\`; the event has \`${meant}\``;
};

const notALeaf: Guess = ({ path, values, view }) => {
  const shape = view.shapes.get(path);
  if (values.length > 0 || shape === undefined) return undefined;
  if (shape.startsWith('empty')) return `\`${path}\` is an ${shape}: there is no value in it`;
  const inner = [...view.leaves.keys()].find((each) => each.startsWith(`${path}.`));
  const kind = shape === 'array' ? 'array of objects' : 'object';
  return `\`${path}\` is an ${kind}, not a value: ${inner === undefined ? 'patterns look at values only' : `name a field in it, such as \`${inner}\``}`;
};

const insideText: Guess = ({ path, values, view }) => {
  if (values.length > 0) return undefined;
  const part = existingPart(view, path);
  const value = view.leaves.get(part)?.[0]?.value;
  if (part === path || value === undefined || value === null) return undefined;
  const json =
    typeof value === 'string' && /^\s*[[{]/.test(value)
      ? 'JSON text in a string, which patterns can’t look into'
      : 'a value, not an object';
  return `\`${part}\` is ${json}: \`${path}\` doesn't exist; match on \`${part}\` itself (\`wildcard\`)`;
};

const wrongCase: Guess = (failure) => {
  for (const matcher of failure.leaf.matchers) {
    const found = pair(namedBy(matcher), textsOf(failure), (want, give) =>
      holdsInAnyCase(matcher.kind, want.toLowerCase(), give.toLowerCase()),
    );
    if (found !== undefined && matcher.kind !== 'equals-ignore-case')
      return `${shown(found[0])} and ${shown(cut(found[1]))} differ in upper and lower case: write it as the event has it${matcher.kind === 'wildcard' ? '' : ', or use equals-ignore-case'}`;
  }
  return undefined;
};

function holdsInAnyCase(kind: Matcher['kind'], want: string, give: string): boolean {
  if (kind === 'string') return want === give;
  if (kind === 'prefix') return want !== '' && give.startsWith(want);
  if (kind === 'suffix') return want !== '' && give.endsWith(want);
  return kind === 'wildcard' && fitsWildcard(want, give);
}

/** Plain and slow, for one short comparison: stars as lazy gaps, escapes undone. */
function fitsWildcard(wildcard: string, text: string): boolean {
  const parts = wildcard.split('*');
  if (parts.length === 1 || parts.length > 8 || wildcard.includes('\\')) return wildcard === text;
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = index === parts.length - 1 ? text.length - part.length : text.indexOf(part, at);
    if (found < at || (index === 0 && !text.startsWith(part)) || !text.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return true;
}

const typeName = (value: unknown) => (value === null ? 'null' : typeof value);

const wrongType: Guess = ({ leaf, values }) => {
  for (const matcher of leaf.matchers)
    for (const { value } of values) {
      const wanted =
        matcher.kind === 'number' ? matcher.value : matcher.kind === 'string' || matcher.kind === 'literal' ? matcher.value : undefined;
      if (wanted !== undefined && typeName(wanted) !== typeName(value) && String(wanted) === String(value))
        return `${shown(wanted)} in the pattern is a ${typeName(wanted)}, ${shown(value)} in the event a ${typeName(value)}: write [${shown(value)}]`;
      if (matcher.kind === 'numeric' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
        return `numeric compares numbers only, and ${shown(value)} in the event is a string`;
      if (typeof value === 'number' && ['prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(matcher.kind))
        return `${matcher.kind} looks at strings only, and ${shown(value)} in the event is a number`;
    }
  return undefined;
};

const space: Guess = (failure) => {
  const found = pair(wantedStrings(failure), textsOf(failure), (want, give) => want.trim() === give.trim());
  return found && `${shown(found[0])} and ${shown(found[1])} differ in spaces at the ends`;
};

const star: Guess = (failure) => {
  const found = wantedStrings(failure).find((value) => value.includes('*'));
  return found && `a * in a plain string stands for itself: write {"wildcard": ${shown(found)}}`;
};

/** A wildcard, or a plain string, that is only a part of what is there. */
const wholeValue: Guess = (failure) => {
  for (const matcher of failure.leaf.matchers) {
    if (matcher.kind !== 'wildcard' && matcher.kind !== 'string') continue;
    const found = pair(
      [matcher.value],
      textsOf(failure),
      (want, give) => want.length >= 3 && fitsWildcard(`*${want}*`.replaceAll('**', '*'), give),
    );
    if (found !== undefined)
      return `${matcher.kind === 'wildcard' ? 'a wildcard' : 'a plain string'} must be the whole value, and ${shown(cut(found[1]))} has more: ${
        matcher.kind === 'wildcard'
          ? `write ${shown(`*${found[0]}*`.replaceAll('**', '*'))}`
          : `use prefix, suffix or {"wildcard": ${shown(`*${found[0]}*`)}}`
      }`;
  }
  return undefined;
};

const shortSource: Guess = (failure) => {
  if (failure.path !== 'detail.eventSource') return undefined;
  const found = pair(wantedStrings(failure), textsOf(failure), (want, give) => {
    return want !== give && (serviceOfSource(want) ?? want) === withoutHost(give);
  });
  return found && `eventSource is the service's host name: write ${shown(found[1])}, not ${shown(found[0])}`;
};

const notAnAddress: Guess = (failure) => {
  if (!failure.leaf.matchers.every(({ kind }) => kind === 'cidr')) return undefined;
  const name = textsOf(failure).find((value) => ipAddressOf(value) === undefined);
  return name === undefined
    ? undefined
    : `cidr compares addresses only, and ${shown(name)} is none${name.endsWith('.amazonaws.com') ? ' (an AWS service made the call)' : ''}`;
};

const misspeltValue: Guess = (failure) => {
  const found = pair(wantedStrings(failure), textsOf(failure), (want, give) => nearest(want, [give]) !== undefined);
  return found && `${shown(found[0])} is nearly ${shown(cut(found[1]))}: is it misspelt?`;
};

const butAbsent: Guess = ({ path, leaf, values }) =>
  values.length === 0 && leaf.matchers.some(({ kind }) => kind === 'anything-but')
    ? `anything-but needs \`${path}\` to be there, and the event doesn't have it: add {"exists": false} to the list`
    : undefined;

const omitted: Guess = ({ path, values, view }) => {
  const nulls = values.length > 0 && values.every(({ value }) => value === null);
  if ((values.length > 0 && !nulls) || view.shapes.has(path)) return undefined;
  const why = OMITTED.find(([fits]) => fits.test(path))?.[1];
  return why && `the event has no \`${path}\`: ${why}`;
};

const elsewhere: Guess = (failure) => {
  const wanted = new Set(wantedStrings(failure));
  for (const [path, values] of failure.view.leaves)
    if (path !== failure.path && values.some(({ value }) => typeof value === 'string' && value.length >= 4 && wanted.has(value)))
      return `${shown(values.find(({ value }) => wanted.has(value as string))!.value)} stands in \`${path}\`, not in \`${failure.path}\``;
  return undefined;
};

const exists: Guess = ({ path, leaf, values }) =>
  values.length > 0 && leaf.matchers.every((matcher) => matcher.kind === 'exists' && !matcher.value)
    ? `\`${path}\` must not be there, and it is (null and "" count as there)`
    : undefined;

const absent: Guess = ({ path, values, view }) => {
  if (values.length > 0) return undefined;
  const part = existingPart(view, path);
  return `the event has no \`${path}\`${part === '' ? '' : `, only \`${part}\``}`;
};

/** What may be the matter with one leaf, the most telling first. */
const GUESSES = [
  ['bare-record', bareRecord],
  ['no-detail', noDetail],
  ['native-source', sourceOfNativeFeed],
  ['detail-type', detailTypeMisspelt],
  ['envelope-field', envelopeField],
  ['path', misspeltPath],
  ['inside-text', insideText],
  ['not-a-leaf', notALeaf],
  ['case', wrongCase],
  ['type', wrongType],
  ['space', space],
  ['star', star],
  ['short-source', shortSource],
  ['not-an-address', notAnAddress],
  ['whole-value', wholeValue],
  ['spelling', misspeltValue],
  ['anything-but-absent', butAbsent],
  ['omitted', omitted],
  ['elsewhere', elsewhere],
  ['exists', exists],
  ['absent', absent],
] as const satisfies readonly (readonly [string, Guess])[];

/** What one leaf doesn't show: that values stand in different elements of an array, and that a value is simply another one. */
const OTHER_KINDS = ['other-element', 'value'] as const;

export type ReasonKind = (typeof GUESSES)[number][0] | (typeof OTHER_KINDS)[number];

/** Every kind of reason that there is. */
export const REASON_KINDS: readonly ReasonKind[] = [...GUESSES.map(([kind]) => kind), ...OTHER_KINDS];

/** Why a leaf doesn't hold. */
export function reasonFor(leaf: Leaf, view: View): Reason {
  const failure: Failure = { leaf, path: leaf.key.path, values: view.leaves.get(leaf.key.path) ?? [], view };
  for (const [kind, guess] of GUESSES) {
    const text = guess(failure);
    if (text !== undefined) return { kind, text };
  }
  const given = failure.values.map(({ value }) => shown(typeof value === 'string' ? cut(value) : value)).join(', ');
  return { kind: 'value', text: `\`${failure.path}\` is ${given}, wanted ${leaf.matchers.map(matcherText).join(' or ')}` };
}

/** Fields that say what event it is: when one of these differs, the event is simply another one. */
const IDENTITY = /^`(source|detail-type|detail\.event(Source|Name|Type))` is /;

/** The more telling of two reasons has the lower rank: mistakes, then another event, then fields that aren't there, then other values. */
export function rank({ kind, text }: Reason): number {
  if (kind !== 'value') return GUESSES.findIndex(([each]) => each === kind);
  return IDENTITY.test(text) ? GUESSES.findIndex(([each]) => each === 'anything-but-absent') - 0.5 : GUESSES.length;
}
