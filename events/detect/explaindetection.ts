// Why an event is a hit of a detection or isn't: its pattern as `rules explain` has it, then what else the detection says, each with its verdict.
import type { Entry } from '../entry.ts';
import { isAtLeast, type Severity } from '../finding.ts';
import type { Explanation } from '../pattern/explain/index.ts';
import { type ExcludedBy, valuedPattern } from './compiledetection.ts';
import { valueBy } from './countedby.ts';
import type { Condition, WindowFields } from './detection.ts';
import type { Detection, Raise } from './detectionfile.ts';
import { type Asked, wentWell } from './evaluator.ts';
import type { Hit } from './hit.ts';
import type { Lists } from './lists.ts';
import { compileMarks } from './marks.ts';
import type { PlacedPattern } from './patternsinfile.ts';
import { askedOf, conditionWords, explainedBy, failureWords, holds, missingIn, whyMissed } from './whynot.ts';

/** What the evaluator says of one event. */
export interface LoneVerdict {
  /** Of a sequence one for each step that the event is. */
  hits: readonly Hit[];
  /** What took the event away. */
  excluded?: ExcludedBy & { reason: string; owner: string };
  /** Why the detection can't be asked. */
  off?: string;
}

/** One thing that a detection says besides its pattern. */
export interface DetectionPart {
  /** `success`, `where[0]`, `window`, `exclusions[1]`, `raise[0]`. */
  part: string;
  /** Undefined for what is no condition of a hit, and does not apply. */
  holds?: boolean;
  text: string;
}

export interface DetectionExplanation extends Explanation {
  /** The pattern that is explained: of several the one that matches, or is nearest; undefined where the detection can't be asked. */
  pattern: PlacedPattern | undefined;
  /** Of a hit. */
  severity?: Severity;
  parts: DetectionPart[];
}

/** @param verdict  the evaluator's: it decides, the rest says why */
export function explainDetection(detection: Detection, entry: Entry, verdict: LoneVerdict, lists: Lists): DetectionExplanation {
  if (verdict.off !== undefined) return offExplanation(verdict.off);
  const asked = askedOf(entry, lists);
  const explained = explainedSteps(detection, entry, lists);
  const patterns = explained.flatMap((step) => step.patterns);
  const shown = patterns.find(({ matches }) => matches) ?? [...patterns].sort((left, right) => missingIn(left) - missingIn(right))[0];
  const severity = verdict.hits.map((hit) => hit.severity).reduce<Severity | undefined>(higher, undefined);
  return {
    ...{ matches: verdict.hits.length > 0, summary: summaryOf(detection, entry, verdict, lists) },
    ...{ reasons: shown?.reasons ?? [], leaves: shown?.leaves ?? [], pattern: shown?.pattern },
    ...(severity === undefined ? {} : { severity }),
    parts: [
      ...(detection.steps.length === 0 ? [] : explained.map((step, at) => stepPart(step, at, asked, lists))),
      ...(detection.success ? [successPart(asked)] : []),
      ...detection.where.map((condition, at) => wherePart(`where[${at}]`, condition, asked, lists)),
      ...windowParts(detection, asked, explained),
      ...exclusionParts(verdict),
      ...detection.raise.map((raise, at) => raisePart(raise, at, asked, lists)),
      ...(detection.dryRun ? [{ part: 'dryRun', text: 'its findings are shown, and nobody is told' }] : []),
      ...(detection.off === undefined ? [] : [{ part: 'off', text: `asked only where it is turned on: ${detection.off}` }]),
    ],
  };
}

const offExplanation = (off: string): DetectionExplanation => ({
  ...{ matches: false, summary: `no match: ${off}: the detection is off`, reasons: [], leaves: [], pattern: undefined, parts: [] },
});

const higher = (left: Severity | undefined, right: Severity): Severity => (left === undefined || isAtLeast(right, left) ? right : left);

interface ExplainedStep {
  patterns: (Explanation & { pattern: PlacedPattern })[];
  where: readonly Condition[];
}

/** The detection's patterns, or those of each step of its sequence. */
function explainedSteps({ patterns, steps }: Detection, entry: Entry, lists: Lists): ExplainedStep[] {
  const all = steps.length > 0 ? steps : [{ patterns, where: [] }];
  return all.map((step) => ({
    where: step.where,
    patterns: step.patterns.map((pattern) => ({ pattern, ...explainedBy(pattern, entry, lists) })),
  }));
}

function summaryOf(detection: Detection, entry: Entry, { hits, excluded }: LoneVerdict, lists: Lists): string {
  if (hits.length > 0) return detection.window === undefined ? 'matches' : 'matches: one event of a window';
  if (excluded !== undefined) return `no match: excluded by ${exclusionName(excluded)}: ${excluded.reason} (${excluded.owner})`;
  return `no match: ${whyMissed(detection, { entry, excluded: undefined }, lists)}`;
}

const exclusionName = ({ of, at }: ExcludedBy): string => `exclusions[${at}]${of === 'deployment' ? ' of the configuration' : ''}`;

function stepPart({ patterns, where }: ExplainedStep, at: number, asked: Asked, lists: Lists): DetectionPart {
  const part = `window.sequence[${at}]`;
  const isMatching = patterns.some(({ matches }) => matches);
  const failed = where.find((condition) => !holds(condition, asked, lists));
  if (!isMatching) return { part, text: 'not this step: its pattern does not match' };
  return failed === undefined
    ? { part, holds: true, text: 'the event is this step' }
    : { part, text: `not this step: ${conditionWords(failed, asked.record)} does not hold` };
}

function successPart(asked: Asked): DetectionPart {
  const isWell = wentWell(asked.record);
  return { part: 'success', holds: isWell, text: isWell ? 'the call went well' : failureWords(asked) };
}

const wherePart = (part: string, condition: Condition, asked: Asked, lists: Lists): DetectionPart => ({
  ...{ part, holds: holds(condition, asked, lists), text: conditionWords(condition, asked.record) },
});

/** What the event counts for; of a sequence as its first step that matches, for all of them are counted by the same. */
function windowParts({ window, steps }: Detection, asked: Asked, explained: readonly ExplainedStep[]): DetectionPart[] {
  if (window === undefined) return [];
  const step = steps.length === 0 ? undefined : explained.findIndex(({ patterns }) => patterns.some(({ matches }) => matches));
  if (step === -1) return [];
  const isCounted = compileMarks('main', window)(asked.record, asked.key, step).length > 0;
  const values = valuesCounted(window, asked);
  return [
    {
      ...{ part: 'window', holds: isCounted },
      text: isCounted ? `one event of a window: ${enoughWords(window)}, ${values}` : `not counted, for want of a value: ${values}`,
    },
  ];
}

function enoughWords(window: WindowFields): string {
  if ('threshold' in window) return `${window.threshold} within ${window.within}`;
  if ('distinct' in window) return `${window.atLeast} different values of ${window.distinct} within ${window.within}`;
  if ('sequence' in window) return `${window.sequence.length} steps within ${window.within}`;
  return `a value of ${[window.firstSeen].flat().join(', ')} never seen before`;
}

/** `by principal ("martin"), of awsRegion ("eu-west-1")`. */
function valuesCounted(window: WindowFields, { record, key }: Asked): string {
  const named = (name: string) => {
    const value = valueBy(record, key, name);
    return `${name} (${value === undefined ? 'absent, or no single value' : JSON.stringify(value)})`;
  };
  const counted = 'distinct' in window ? [window.distinct] : 'firstSeen' in window ? [window.firstSeen].flat() : [];
  const of = counted.length === 0 ? '' : `, of ${counted.map(named).join(', ')}`;
  return `by ${[window.by].flat().map(named).join(', ')}${of}`;
}

const exclusionParts = ({ excluded }: LoneVerdict): DetectionPart[] =>
  excluded === undefined
    ? []
    : [{ part: exclusionName(excluded), holds: false, text: `takes it away: ${excluded.reason} (${excluded.owner})` }];

/** A raise is no condition of a hit: it applies or doesn't. */
function raisePart({ to, patterns, where, window }: Raise, at: number, asked: Asked, lists: Lists): DetectionPart {
  const part = `raise[${at}]`;
  const isVoid = patterns.length > 0 && patterns.every(({ text }) => lacksValues(text, lists));
  if (isVoid) return { part, text: `not to ${to}: a list in it has no values` };
  const valued = patterns.filter(({ text }) => !lacksValues(text, lists));
  const isMatching = patterns.length === 0 || valued.some((pattern) => explainedBy(pattern, asked.entry, lists).matches);
  if (!isMatching) return { part, text: `not to ${to}: its pattern does not match` };
  const failed = where.find((condition) => !holds(condition, asked, lists));
  if (failed !== undefined) return { part, text: `not to ${to}: ${conditionWords(failed, asked.record)} does not hold` };
  if (window === undefined) return { part, holds: true, text: `to ${to}` };
  return { part, text: `to ${to} once there are enough: ${enoughWords(window)}, ${valuesCounted(window, asked)}` };
}

function lacksValues(text: string, lists: Lists): boolean {
  let lacks = false;
  valuedPattern(text, lists, () => {
    lacks = true;
  });
  return lacks;
}
