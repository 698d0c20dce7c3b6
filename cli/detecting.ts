// Detections in a run: which are asked, what they find, and how it is told.
import { setFlagsFromString } from 'node:v8';
import { dayOf, evaluatorOf, findingMakerOf, type Hit } from '../events/detect/index.ts';
import { type Finding, isAtLeast } from '../events/finding.ts';
import { placeOrName } from '../events/objectkey.ts';
import { type LoadedConfig, readConfig } from '../local/configfile.ts';
import { FileFindingState, MemoryFindingState } from '../local/findingstate.ts';
import { chosenDetections, inForce, unheardOf } from '../local/inforce.ts';
import { AnswerWriter } from './answers.ts';
import { findingLine, findingObject } from './findings.ts';
import type { RunPlan } from './runplan.ts';
import type { SourceListing } from './sources.ts';
import { jsonLine, warnOf } from './terminal.ts';

/** Hits of so many files, or so many hits, are taken together: what is remembered of a window is looked at once for all of them. */
const FILES_TOGETHER = 200;
const HITS_TOGETHER = 5_000;

/** Whether hits are to be taken now. */
export const areEnough = (files: number, hits: number): boolean => files >= FILES_TOGETHER || hits >= HITS_TOGETHER;

/**
 * Bounds the memory of a long run: of what detections keep little lives long, and left to itself the heap grows to four times that before it is looked
 * through. Less than twice costs little time.
 * @see https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export const boundHeap = (): void => setFlagsFromString('--heap-growing-percent=60');

/**
 * Adds the detections to a run: each record is asked as it passes, findings are made after some files.
 * @throws UsageError, FileError for what is wrong in the configuration or a detection
 */
export async function addDetections(plan: RunPlan): Promise<void> {
  boundHeap();
  const { config: path, detections, all, state: file } = plan.detecting;
  const config = readConfig(path);
  const { on, off } = chosenDetections(config, detections, all);
  warnOf(unheardOf(on, config));
  const asked = inForce(on, config);
  const evaluator = evaluatorOf(asked, { accounts: await accountsUnnamed(config, plan.listing), today: dayOf(new Date()) });
  const memory = { isUnordered: !(await plan.listing.isTimed()) };
  const state = file === undefined ? new MemoryFindingState(memory) : FileFindingState.open(file, memory);
  const maker = findingMakerOf(asked, state);
  const findings = new Map<string, Finding>();
  const told = new Set<string>();
  const telling = new Telling(plan);
  let hits: Hit[] = [];
  let files = 0;
  const takeHits = async () => {
    files = 0;
    if (hits.length === 0) return;
    const taken = await maker.take(hits, async (now) => {
      for (const { id } of now) told.add(id);
      telling.asTheyCome(now);
    });
    telling.asTheyCome(taken.dryRun);
    hits = [];
    // What only an earlier run has told stands too, and is not told again.
    for (const finding of [...taken.standing().filter(({ id }) => told.has(id)), ...taken.dryRun])
      if (telling.isShown(finding)) findings.set(finding.id, { ...finding, state: findings.get(finding.id)?.state ?? finding.state });
  };

  plan.found = { findings, off, lacking: evaluator.off };
  plan.listeners.push((entry) => {
    for (const hit of evaluator.ask(entry)) hits.push(hit);
  });
  plan.afterFiles.push(async (isLast) => {
    files++;
    if (isLast || areEnough(files, hits.length)) await takeHits();
  });
  plan.ends.push(async () => {
    await telling.atTheEnd([...findings.values()]);
    if (state instanceof FileFindingState) state.save();
  });
}

/** Tells findings as they come, or in order of time at the end: as objects always so, each as it stands then. */
class Telling {
  private readonly plan: RunPlan;
  private readonly writer: AnswerWriter;
  private readonly waits: boolean;

  constructor(plan: RunPlan) {
    this.plan = plan;
    this.writer = new AnswerWriter(plan.answers);
    this.waits = plan.json || plan.detecting.sort;
  }

  isShown({ severity }: Finding): boolean {
    return isAtLeast(severity, this.plan.detecting.floor);
  }

  asTheyCome(findings: readonly Finding[]): void {
    if (this.waits) return;
    for (const finding of findings) if (this.isShown(finding)) this.writer.write(() => findingLine(finding));
  }

  async atTheEnd(findings: Finding[]): Promise<void> {
    const { json } = this.plan;
    for (const finding of this.waits ? findings.sort(byTime) : []) {
      this.writer.write(() => (json ? jsonLine(findingObject(finding)) : findingLine(finding)));
      await this.writer.drained();
    }
    this.writer.flush();
  }
}

const byTime = (left: Finding, right: Finding): number =>
  (left.firstTime ?? '').localeCompare(right.firstTime ?? '') || left.rule.localeCompare(right.rule) || left.id.localeCompare(right.id);

/** Where the configuration names no accounts, those whose files are read. */
export const accountsUnnamed = async ({ lists }: LoadedConfig, listing: SourceListing): Promise<string[]> =>
  (lists.get('accounts') ?? []).length === 0 ? [...new Set((await listing.all()).flatMap(({ ref }) => accountIn(ref.key)))] : [];

const accountIn = (key: string): string | [] => placeOrName(key).account ?? [];
