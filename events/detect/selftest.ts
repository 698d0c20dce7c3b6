// A detection's own tests, run: its examples through the evaluator, and of a window their events counted.
import { toEntry } from '../entry.ts';
import { recordsOfWhole } from '../logfile/logfile.ts';
import type { TestCase, WindowFields } from './detection.ts';
import type { Detection } from './detectionfile.ts';
import { secondsOf } from './duration.ts';
import { compileDetections } from './evaluator.ts';
import type { Hit } from './hit.ts';
import type { Lists } from './lists.ts';

/** One example of a detection, and what came of it. */
export interface SelfTestResult {
  detection: string;
  /** `matches[0]`. */
  name: string;
  passed: boolean;
  /** What was wrong, where it did not pass. */
  why?: string;
}

export interface SelfTestOptions {
  /** The records of a file named beside the detection. @throws Error when it can't be read */
  readRecords: (name: string, source: string) => object[];
  /** Lists where the tests name none. */
  lists?: Lists;
  today: string;
}

/** Runs the tests of one detection. */
export function selfTest(detection: Detection, options: SelfTestOptions): SelfTestResult[] {
  const { matches, ignores } = detection.tests;
  return [
    ...matches.map((example, at) => resultOf(detection, `matches[${at}]`, example, true, options)),
    ...ignores.map((example, at) => resultOf(detection, `ignores[${at}]`, example, false, options)),
  ];
}

function resultOf(detection: Detection, name: string, example: TestCase, wanted: boolean, options: SelfTestOptions): SelfTestResult {
  const result = { detection: detection.id, name };
  try {
    const lists = new Map([...(options.lists ?? []), ...Object.entries(detection.tests.lists)]);
    const evaluator = compileDetections([detection], { lists, today: options.today });
    const off = evaluator.off[0];
    if (off !== undefined) return { ...result, passed: false, why: `it is off: ${off.why}` };
    const hits = eventsOf(example, detection.source, options).flatMap((record, index) => evaluator.ask(entryOf(record, index)));
    const found = detection.window === undefined ? hits.length > 0 : isComplete(detection.window, hits);
    if (found === wanted) return { ...result, passed: true };
    return {
      ...result,
      passed: false,
      why: wanted ? `nothing is found (${hits.length} events match)` : `it is found (${hits.length} events match)`,
    };
  } catch (error) {
    return { ...result, passed: false, why: (error as Error).message };
  }
}

const eventsOf = (example: TestCase, source: string, { readRecords }: SelfTestOptions): object[] =>
  [example].flat().flatMap((event) => (typeof event === 'string' ? readRecords(event, source) : [recordOf(event)]));

/** A bare record, or the record in an event of a bus. */
const recordOf = (event: Record<string, unknown>): object =>
  typeof event['detail'] === 'object' && event['detail'] !== null && !('eventName' in event) ? event['detail'] : event;

function entryOf(record: object, index: number) {
  const account = (record as { recipientAccountId?: string }).recipientAccountId ?? '111122223333';
  const key = `AWSLogs/${account}/CloudTrail/us-east-1/2026/10/05/${account}_CloudTrail_us-east-1_20261005T0000Z_${index}.json.gz`;
  const [made] = recordsOfWhole(Buffer.from(JSON.stringify({ Records: [record] }))) ?? [];
  return toEntry(made!, { bucket: 'tests', key });
}

/** Whether events complete a window: all of them are there at once, so that it is simply counted. */
function isComplete(window: WindowFields, hits: readonly Hit[]): boolean {
  const marks = hits.flatMap(({ event, marks }) =>
    marks.filter((mark) => mark.window === 'main').map((mark) => ({ ...mark, at: Date.parse(event.time) / 1000 })),
  );
  const byKey = groups(marks);
  return [...byKey.values()].some((of) =>
    completes(
      window,
      of.sort((left, right) => left.at - right.at),
    ),
  );
}

function completes(window: WindowFields, marks: readonly { at: number; value?: string; step?: number }[]): boolean {
  if ('firstSeen' in window) return new Set(marks.map(({ value }) => value)).size > 1;
  return marks.some(({ at }) => {
    const inside = marks.filter((mark) => mark.at <= at && mark.at >= at - secondsOf(window.within));
    if ('threshold' in window) return inside.length >= window.threshold;
    if ('distinct' in window) return new Set(inside.map(({ value }) => value)).size >= window.atLeast;
    return isSequence(
      window.sequence.map(({ atLeast = 1 }) => atLeast),
      inside,
    );
  });
}

function isSequence(counts: readonly number[], marks: readonly { step?: number }[]): boolean {
  let [step, count] = [0, 0];
  for (const mark of marks) {
    if (step === counts.length || mark.step !== step) continue;
    if (++count < counts[step]!) continue;
    [step, count] = [step + 1, 0];
  }
  return step === counts.length;
}

function groups<Mark extends { key: string[] }>(marks: readonly Mark[]): Map<string, Mark[]> {
  const byKey = new Map<string, Mark[]>();
  for (const mark of marks) byKey.set(JSON.stringify(mark.key), [...(byKey.get(JSON.stringify(mark.key)) ?? []), mark]);
  return byKey;
}
