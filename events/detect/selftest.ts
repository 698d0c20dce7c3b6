// A detection's own tests, run: its examples through the evaluator and the maker of findings, as records go.
import { type Entry, toEntry } from '../entry.ts';
import { type Finding, higherOf, type Severity } from '../finding.ts';
import { recordsOfWhole } from '../logfile/logfile.ts';
import type { ExcludedBy } from './compiledetection.ts';
import type { TestCase } from './detection.ts';
import type { Detection } from './detectionfile.ts';
import type { FindingState } from './doors.ts';
import { compileDetections, type Evaluator } from './evaluator.ts';
import { FindingMaker } from './findings.ts';
import type { Hit } from './hit.ts';
import type { Lists } from './lists.ts';
import { type Miss, whyMissed } from './whynot.ts';

/** One example of a detection, and what came of it. */
export interface SelfTestResult {
  detection: string;
  /** `matches[0]`. */
  name: string;
  passed: boolean;
  /** What was wrong, where it did not pass. */
  why?: string;
  /** The highest severity that was found. */
  severity?: Severity;
}

export interface SelfTestOptions {
  /** The records of a file named beside the detection. @throws Error when it can't be read */
  readRecords: (name: string, source: string) => object[];
  /** A state that remembers nothing yet. */
  newState: () => FindingState;
  /** Lists where the tests name none. */
  lists?: Lists;
  /** `YYYY-MM-DD` */
  today: string;
}

/** Runs the tests of one detection. */
export async function selfTest(detection: Detection, options: SelfTestOptions): Promise<SelfTestResult[]> {
  const lists = new Map([...(options.lists ?? []), ...Object.entries(detection.tests.lists)]);
  const excluded: ExcludedBy[] = [];
  const tested: Tested = { detection, lists, evaluator: compiled(detection, lists, options, excluded), excluded, options };
  const results: SelfTestResult[] = [];
  for (const kind of ['matches', 'ignores'] as const)
    for (const [at, example] of detection.tests[kind].entries())
      results.push(await resultOf(tested, `${kind}[${at}]`, example, kind === 'matches'));
  return results;
}

/** A detection under test, compiled once for all its examples. */
interface Tested {
  detection: Detection;
  lists: Lists;
  /** What is wrong with it, where it doesn't compile. */
  evaluator: Evaluator | Error;
  /** Exclusions that took something away since this was emptied. */
  excluded: ExcludedBy[];
  options: SelfTestOptions;
}

function compiled(detection: Detection, lists: Lists, { today }: SelfTestOptions, excluded: ExcludedBy[]): Evaluator | Error {
  try {
    return compileDetections([detection], { lists, today, excluded: (_, by) => excluded.push(by) });
  } catch (error) {
    return error as Error;
  }
}

async function resultOf(tested: Tested, name: string, example: TestCase, wanted: boolean): Promise<SelfTestResult> {
  const { detection, evaluator, options } = tested;
  const result = { detection: detection.id, name };
  try {
    if (evaluator instanceof Error) throw evaluator;
    const off = evaluator.off[0];
    if (off !== undefined) return { ...result, passed: false, why: `it is off: ${off.why}; give them under tests.lists` };
    const entries = recordsOfTest(example, detection.source, options.readRecords).map(entryOf);
    const { found, events, misses } = await findingsOf(tested, evaluator, entries);
    const severity = found.length === 0 ? undefined : found.map((finding) => finding.severity).reduce(higherOf);
    if ((severity !== undefined) === wanted) return { ...result, passed: true, ...(severity === undefined ? {} : { severity }) };
    return { ...result, passed: false, why: wanted ? whyNot(tested, misses, events) : `found, as ${severity}: ${found[0]!.title}` };
  } catch (error) {
    return { ...result, passed: false, why: (error as Error).message };
  }
}

/** Longer than any test tells of. */
const FOR_EVER_SECONDS = 100 * 365 * 24 * 3600;

/** Of something new the first event is known beforehand: a test tells what is usual, then what is not. */
async function findingsOf(
  { detection, excluded, options: { newState } }: Tested,
  evaluator: Evaluator,
  entries: readonly Entry[],
): Promise<{ found: Finding[]; events: number; misses: Miss[] }> {
  const state = newState();
  const { learns, unlearned } = learningOf(detection);
  const misses: Miss[] = [];
  const hits = entries.map((entry) => {
    excluded.splice(0);
    const found = evaluator.ask(entry);
    if (found.length === 0) misses.push({ entry, excluded: excluded[0] });
    return found;
  });
  const take = (some: readonly Hit[][], learnSeconds: number) =>
    new FindingMaker([unlearned], state, { learnSeconds }).take(some.flat(), async () => undefined);
  if (learns) await take(hits.slice(0, 1), FOR_EVER_SECONDS);
  const { told, dryRun } = await take(learns ? hits.slice(1) : hits, 0);
  return { found: [...told, ...dryRun], events: hits.flat().length, misses };
}

function learningOf(detection: Detection): { learns: boolean; unlearned: Detection } {
  const { window } = detection;
  if (window === undefined || !('firstSeen' in window)) return { learns: false, unlearned: detection };
  const { learn: _, ...rest } = window;
  return { learns: true, unlearned: { ...detection, window: rest } };
}

/** Of a test whose events match and make no finding, how many there are; else what kept the first event that doesn't match. */
function whyNot({ detection, lists }: Tested, misses: readonly Miss[], events: number): string {
  const [first] = misses;
  const counted =
    detection.window !== undefined && events > 0 ? `${events} of ${events + misses.length} events match, which is no window` : undefined;
  if (first === undefined) return `nothing is found${counted === undefined ? '' : `: ${counted}`}`;
  const why = whyMissed(detection, first, lists);
  return `nothing is found: ${counted === undefined ? why : `${counted}; of the first that doesn’t: ${why}`}`;
}

/** The records of a test. @param readRecords  gives those of a file that it names */
export const recordsOfTest = (example: TestCase, source: string, readRecords: SelfTestOptions['readRecords']): object[] =>
  [example].flat().flatMap((event) => (typeof event === 'string' ? readRecords(event, source) : [recordIn(event)]));

/** A bare record, or the record in an event of a bus. */
const recordIn = (event: Record<string, unknown>): object =>
  typeof event['detail'] === 'object' && event['detail'] !== null && !('eventName' in event) ? event['detail'] : event;

/** The entry that a record would be in a file of its account. */
function entryOf(record: object, index: number): Entry {
  const account = (record as { recipientAccountId?: string }).recipientAccountId ?? '111122223333';
  const key = `AWSLogs/${account}/CloudTrail/us-east-1/2026/10/05/${account}_CloudTrail_us-east-1_20261005T0000Z_${index}.json.gz`;
  const [made] = recordsOfWhole(Buffer.from(JSON.stringify({ Records: [record] }))) ?? [];
  return toEntry(made!, { bucket: 'tests', key });
}
