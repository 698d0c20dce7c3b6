// Why a detection doesn't find what its test says it should: as `rules explain` says of its pattern, and what else it asks.
import { type Entry, envelopeOf, eventText } from '../entry.ts';
import { placeOrName } from '../objectkey.ts';
import { type Explanation, explain } from '../pattern/explain/index.ts';
import type { ExcludedBy } from './compiledetection.ts';
import { valueBy } from './countedby.ts';
import type { Condition, WindowFields } from './detection.ts';
import type { Detection } from './detectionfile.ts';
import { Asked, wentWell } from './evaluator.ts';
import { type Lists, withLists } from './lists.ts';
import type { PlacedPattern } from './patternsinfile.ts';
import { LazyRecord, textAt, valuesAt } from './record.ts';
import { compileWhere } from './where.ts';

/** What kept an event from being one, where an exclusion did. */
export interface Miss {
  entry: Entry;
  excluded: ExcludedBy | undefined;
}

/** In one line, of an event that should have been found. */
export function whyMissed(detection: Detection, { entry, excluded }: Miss, lists: Lists): string {
  if (excluded !== undefined) return exclusionWords(detection, excluded);
  const steps = detection.steps.length > 0 ? detection.steps : [{ patterns: detection.patterns, where: [] }];
  const explained = steps.flatMap(({ patterns, where }) =>
    patterns.map((pattern) => ({ pattern, where, ...explainedBy(pattern, entry, lists) })),
  );
  const matching = explained.find(({ matches }) => matches);
  if (matching !== undefined) return whyNoHit(detection, [...detection.where, ...matching.where], entry, lists);
  const nearest = [...explained].sort((left, right) => missingIn(left) - missingIn(right))[0];
  if (nearest === undefined) return 'it has no pattern';
  const summary = nearest.summary.replace(/^no match: /, '');
  return explained.length === 1 ? summary : `${nearest.pattern.path}: ${summary}`;
}

function exclusionWords({ exclusions }: Detection, { of, at }: ExcludedBy): string {
  const exclusion = of === 'detection' ? exclusions[at] : undefined;
  return `excluded by exclusions[${at}]${exclusion === undefined ? '' : `: ${exclusion.reason} (${exclusion.owner})`}`;
}

/** @throws PatternError when EventBridge would refuse it with the lists' values in it */
export const explainedBy = ({ text }: PlacedPattern, entry: Entry, lists: Lists): Explanation =>
  explain(withLists(JSON.parse(text), lists, () => undefined) as object, eventText(envelopeOf(entry), entry.record.text()));

/** How far an event is from matching. */
export const missingIn = ({ leaves }: Explanation): number => leaves.filter(({ holds, replaced }) => !holds && !replaced).length;

export const askedOf = (entry: Entry, lists: Lists): Asked =>
  new Asked(entry, new LazyRecord(entry.record), placeOrName(entry.ref.key), new Set(lists.get('accounts') ?? []));

/** The pattern matches: what else is asked. */
function whyNoHit({ success, window }: Detection, where: readonly Condition[], entry: Entry, lists: Lists): string {
  const asked = askedOf(entry, lists);
  if (success && !wentWell(asked.record)) return `the pattern matches, and \`success: true\` does not hold: ${failureWords(asked)}`;
  const failed = where.find((condition) => !holds(condition, asked, lists));
  if (failed !== undefined) return `the pattern matches, and \`where\` does not hold: ${conditionWords(failed, asked.record)}`;
  if (window === undefined) return 'the pattern matches';
  const absent = countedBy(window).find((name) => valueBy(asked.record, asked.key, name) === undefined);
  if (absent === undefined) return 'the pattern matches, and says what an earlier event said';
  return `the pattern matches, and is not counted: there is no \`${absent}\` to count by`;
}

export const failureWords = ({ record }: Asked): string =>
  `the call failed, "${textAt(record, 'errorCode') ?? textAt(record, 'errorMessage') ?? ''}"`;

export const holds = (condition: Condition, asked: Asked, lists: Lists): boolean =>
  compileWhere([condition], lists, () => undefined)(asked.record, asked);

export const countedBy = (window: WindowFields): string[] => [
  ...[window.by].flat(),
  ...('distinct' in window ? [window.distinct] : 'firstSeen' in window ? [window.firstSeen].flat() : []),
];

/** `differ of requestParameters.userName ("eve") and userIdentity.userName ("eve")`. */
export function conditionWords(condition: Condition, record: unknown): string {
  const [[name, operand] = ['', '']] = Object.entries(condition) as [string, unknown][];
  if (name === 'any' || name === 'none') {
    const inner = (operand as Condition[]).map((each) => conditionWords(each, record)).join('; ');
    return `${name} of [${inner}]`;
  }
  const fields = typeof operand === 'object' && operand !== null && 'field' in operand ? [operand.field] : [operand].flat();
  return `${name} of ${fields.map((field) => `${String(field)} (${valueWords(record, String(field))})`).join(' and ')}`;
}

const MOST_SHOWN = 80;

export function valueWords(record: unknown, field: string): string {
  const [value] = valuesAt(record, field);
  return value === undefined ? 'absent' : shortJson(value);
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
}
