// The envelope: sources, detail-types, fields in their places, and rules that match too much.

import {
  ALWAYS_THERE,
  DETAIL_TYPES,
  ENVELOPE_FIELDS,
  IDENTITY_FIELDS,
  isNativeSource,
  isOurSource,
  oursFor,
  RECORD_FIELDS,
} from '../../cloudtrail.ts';
import type { Leaf, Matcher } from '../ast.ts';
import type { Branch } from '../branches.ts';
import { compile } from '../compile.ts';
import { nearest } from '../nearest.ts';
import { type Check, type Found, type LintedRule, namedValues, plainStrings } from './finding.ts';

/** Whether a pattern says itself that it is about other events than CloudTrail's. */
const isAboutOthers = ({ leaves }: LintedRule): boolean => {
  const types = leaves.filter(({ key }) => key.path === 'detail-type').flatMap((leaf) => plainStrings(leaf) ?? ['via CloudTrail']);
  return types.length > 0 && types.every((type) => !type.toLowerCase().includes('cloudtrail') && !type.startsWith('AWS Console Sign'));
};

export const nativeSources: Check = (rule) =>
  rule.leaves
    .filter(({ key }) => key.path === 'source')
    .flatMap((leaf) => {
      const native = namedValues(leaf).filter(({ value }) => isNativeSource(value));
      const none = native.length === leaf.matchers.length;
      return native.map(({ value, at, end }): Found => {
        const others = isAboutOthers(rule);
        const message = others
          ? `\`${value}\` events of this detail-type don't come from CloudTrail: they stay on the default bus`
          : `this bus never says \`${value}\`: PutEvents refuses a source that begins with \`aws.\``;
        const help = others ? 'leave this rule on the default bus' : `write \`${oursFor(value)}\`, or run \`trailbus rules port\``;
        return { id: 'native-source', severity: none && !others ? 'error' : 'warning', message, help, at, end };
      });
    });

const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');

export const detailTypes: Check = ({ leaves }) =>
  leaves
    .filter(({ key }) => key.path === 'detail-type')
    .flatMap(namedValues)
    .flatMap(({ value, kind, at, end }): Found[] => {
      if (kind !== 'string' || DETAIL_TYPES.includes(value)) return [];
      const letters = lettersOf(value);
      const meant = DETAIL_TYPES.find(
        (each) => lettersOf(each) === letters || nearest(letters, [lettersOf(each)]) !== undefined || isBeginning(letters, lettersOf(each)),
      );
      if (meant === undefined) return [];
      return [{ id: 'detail-type', message: `no event has the detail-type \`${value}\``, help: `write \`${meant}\``, at, end }];
    });

/** `AWS Console Sign In` without the rest. */
const isBeginning = (letters: string, whole: string) => letters.length >= 8 && whole.startsWith(letters);

export const envelopeAccount: Check = ({ leaves }) =>
  leaves.flatMap(({ key }): Found[] => {
    const inside = { account: 'recipientAccountId', region: 'awsRegion' }[key.path];
    if (inside === undefined) return [];
    const message = `\`${key.path}\` is the one of the bus, the same in every event`;
    return [{ id: 'envelope-account', message, help: `match on \`detail.${inside}\``, at: key.at, end: key.end }];
  });

export const misplacedFields: Check = (rule) =>
  rule.leaves.flatMap(({ key }): Found[] => {
    const [first = '', second = '', third = ''] = key.path.split('.');
    const place = { at: key.at, end: key.end };
    if (!ENVELOPE_FIELDS.includes(first)) return outsideDetail(first, key.path, place);
    if (first !== 'detail' || isAboutOthers(rule) || !isAboutRecords(rule)) return [];
    if (second !== '' && !RECORD_FIELDS.includes(second)) return unknownField(`detail.${second}`, second, RECORD_FIELDS, place);
    if (second === 'userIdentity' && third !== '' && !IDENTITY_FIELDS.includes(third))
      return unknownField(`detail.userIdentity.${third}`, third, IDENTITY_FIELDS, place);
    return [];
  });

function outsideDetail(first: string, path: string, place: { at: number; end: number }): Found[] {
  if (RECORD_FIELDS.includes(first))
    return [
      {
        id: 'misplaced-field',
        message: `\`${path}\` is a field of the record, which stands under \`detail\``,
        help: `write {"detail": {"${first}": …}}`,
        ...place,
      },
    ];
  const meant = nearest(first, ENVELOPE_FIELDS);
  const help = meant === undefined ? `events have ${ENVELOPE_FIELDS.slice(0, 9).join(', ')}` : `did you mean \`${meant}\`?`;
  return [{ id: 'unknown-field', severity: 'error', message: `no event has the field \`${first}\``, help, ...place }];
}

function unknownField(path: string, name: string, known: readonly string[], place: { at: number; end: number }): Found[] {
  const meant = nearest(name, known);
  const inside = IDENTITY_FIELDS.includes(name) && known === RECORD_FIELDS ? `userIdentity.${name}` : meant;
  const help = inside === undefined ? {} : { help: `did you mean \`${inside}\`?` };
  return [
    { id: 'unknown-field', severity: inside === undefined ? 'note' : 'error', message: `records have no \`${path}\``, ...help, ...place },
  ];
}

/** Whether something in the pattern says that it is about records. */
const isAboutRecords = ({ leaves }: LintedRule) =>
  leaves.some(
    (leaf) =>
      RECORD_FIELDS.includes(/^detail\.([^.]+)/.exec(leaf.key.path)?.[1] ?? '') ||
      (leaf.key.path === 'source' && namedValues(leaf).some(({ value }) => isOurSource(value))),
  );

const FINDING_SOURCE = 'trailbus';
const FINDING_TYPE = 'Trailbus Finding';

/** Whether a branch can match a finding: nothing in it asks for another source or detail-type, or for a field that only records have. */
function canMatchFinding(branch: Branch, text: string): boolean {
  for (const [path, leaf] of branch) {
    const field = /^detail\.([^.]+)/.exec(path)?.[1];
    if (field !== undefined && RECORD_FIELDS.includes(field) && !allowsAbsence(leaf)) return false;
    const value = path === 'source' ? FINDING_SOURCE : path === 'detail-type' ? FINDING_TYPE : undefined;
    if (value !== undefined && !holdsFor(leaf, text, value)) return false;
  }
  return true;
}

const allowsAbsence = ({ matchers }: Leaf) => matchers.some((matcher) => matcher.kind === 'exists' && !matcher.value);

const holdsFor = (leaf: Leaf, text: string, value: string): boolean =>
  compile([{ name: 'leaf', pattern: `{"x"${text.slice(leaf.key.end, leaf.end)}}` }]).match({ x: value }).length > 0;

export const ownOutput: Check = ({ branches, leaves, pattern }) => {
  const named = leaves.some((leaf) => namedValues(leaf).some(({ value }) => value === FINDING_SOURCE || value === FINDING_TYPE));
  if (named || !branches.some((branch) => canMatchFinding(branch, pattern.text))) return [];
  const { at, end } = pattern.root;
  const message = 'the rule also matches findings, which rules put on the same bus: it can feed itself';
  return [{ id: 'own-output', message, help: 'add "source": [{"prefix": "cloudtrail."}]', at, end: Math.min(end, at + 1) }];
};

export const matchesEverything: Check = ({ branches, pattern }) => {
  if (!branches.some((branch) => [...branch].every(([path, leaf]) => alwaysHolds(path, leaf)))) return [];
  const { at, end } = pattern.root;
  const help = 'name an eventSource and eventName, or whatever makes the event worth a rule';
  return [{ id: 'matches-everything', message: 'every record matches', help, at, end: Math.min(end, at + 1) }];
};

function alwaysHolds(path: string, { matchers }: Leaf): boolean {
  const exists = (value: boolean) => matchers.some((matcher) => matcher.kind === 'exists' && matcher.value === value);
  if (exists(true) && exists(false)) return true;
  return ALWAYS_THERE.has(path) && (matchers.some((matcher) => fitsAll(path, matcher)) || excludesNothing(matchers));
}

/** What all values of a field have in common. */
const COMMON: Record<string, { begin?: string; end?: string }> = {
  source: { begin: 'cloudtrail.' },
  'detail-type': { begin: 'AWS ', end: ' via CloudTrail' },
  version: { begin: '0' },
};

function fitsAll(path: string, matcher: Matcher): boolean {
  const { begin = '', end = '' } = COMMON[path] ?? {};
  switch (matcher.kind) {
    case 'exists':
      return matcher.value;
    case 'prefix':
      return begin.startsWith(matcher.value);
    case 'suffix':
      return end.endsWith(matcher.value);
    case 'wildcard':
      return matcher.parts.length === 2 && begin.startsWith(matcher.parts[0]!) && end.endsWith(matcher.parts[1]!);
    case 'string':
      return path === 'version' && matcher.value === '0';
    default:
      return false;
  }
}

/** Two `anything-but` that name no value in common: one of them always holds. */
export function excludesNothing(matchers: Matcher[]): boolean {
  const lists = matchers.flatMap((matcher) =>
    matcher.kind === 'anything-but' && (matcher.but.kind === 'string' || matcher.but.kind === 'number')
      ? [new Set<unknown>(matcher.but.values)]
      : [],
  );
  const [first, ...rest] = lists;
  return first !== undefined && rest.length > 0 && [...first].every((value) => rest.some((list) => !list.has(value)));
}
