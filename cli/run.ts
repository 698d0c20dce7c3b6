// What `trailbus run` does.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { UsageError } from '../events/errors.ts';
import { isOnTrial } from '../events/finding.ts';
import { FolderStore, followFolders, type Look, look } from '../local/objects.ts';
import { LocalCorridor } from './corridor.ts';
import { ExitCode } from './exitcode.ts';
import { startProgress } from './progress.ts';
import { quarantinedObjects, quarantinedText, summaryObject, summaryText } from './report.ts';
import { planRun, type RunValues } from './runoptions.ts';
import type { RunPlan } from './runplan.ts';
import { addressOfFile, filesOf } from './sources.ts';
import { complain, jsonLine, printable } from './terminal.ts';

const WATCH_INTERVAL_MS = 1000;

/** Walks the sources. @returns `found` when something was quarantined or found, or a rule matched; `failed` when something was not read */
export async function run(sources: string[], values: RunValues): Promise<ExitCode> {
  const plan = await planRun(sources, values);
  const corridor = new LocalCorridor(plan.listeners, plan.policy);
  const told = new Troubles(corridor, plan);
  const known = await walkAll(corridor, plan);
  told.tell();
  if (plan.follow) await follow(known, corridor, plan, () => told.tell());
  for (const end of plan.ends) await end();
  await report(corridor, plan);
  if (corridor.unread.length > 0) return ExitCode.failed;
  return !plan.isExitZero && hasFound(corridor, plan) ? ExitCode.found : ExitCode.fine;
}

const hasFound = ({ quarantine }: LocalCorridor, { matches, found }: RunPlan): boolean =>
  quarantine.items.length > 0 ||
  [...(matches?.values() ?? [])].some((count) => count > 0) ||
  [...(found?.findings.values() ?? [])].some((finding) => !isOnTrial(finding));

/** Milliseconds after which signals and streams are given their turn: files are read in one go, and would keep it for themselves. */
const TURN_MS = 100;

/** Walks what is there now. @returns the paths walked, each as it looked before it was read; only where folders are followed */
export async function walkAll(
  corridor: LocalCorridor,
  { listing, json, follow: isFollowing, isOver, afterFiles }: Pick<RunPlan, 'listing' | 'json' | 'follow' | 'isOver' | 'afterFiles'>,
): Promise<Map<string, Look>> {
  const progress = await startProgress('files', json);
  const known = new Map<string, Look>();
  let [walked, turnedAt] = [0, Date.now()];
  try {
    // What is remembered from one file to the next wants them as they were delivered.
    for await (const file of filesOf(listing, { byTime: afterFiles.length > 0 })) {
      if (isOver()) break;
      if (isFollowing) known.set(file.ref.key, look(file.ref.key));
      await corridor.walk(file);
      for (const after of afterFiles) await after(false);
      progress.advance(++walked, file.total, printable(addressOfFile(file.ref)));
      if (Date.now() - turnedAt < TURN_MS) continue;
      await setImmediate();
      turnedAt = Date.now();
    }
    for (const after of afterFiles) await after(true);
  } finally {
    progress.stop();
  }
  const { filesDone, filesQuarantinedTotal } = corridor.ledger;
  if (filesDone + filesQuarantinedTotal + corridor.unread.length === 0 && !isFollowing)
    throw new UsageError(`no log files in ${listing.sources.map((source) => `\`${source}\``).join(', ')}`, {
      help: 'log files end in .json.gz; is this the right folder or prefix?',
    });
  return known;
}

/** Walks new files as they come, until interrupted or nobody takes the entries any more. */
async function follow(
  known: Map<string, Look>,
  corridor: LocalCorridor,
  { listing: { sources }, flushes, isOver, afterFiles }: RunPlan,
  afterEach: () => void,
): Promise<void> {
  const store = new FolderStore();
  for (const flush of flushes) flush();
  process.stderr.write(`following ${sources.map(printable).join(', ')}; end with Ctrl-C\n`);
  for await (const file of followFolders(sources, known, untilInterrupted(WATCH_INTERVAL_MS))) {
    await corridor.walk({ ...file, store });
    for (const after of afterFiles) await after(true);
    for (const flush of flushes) flush();
    if (isOver()) return;
    if (file.skip === undefined) process.stderr.write(`read ${printable(addressOfFile(file.ref))}\n`);
    afterEach();
  }
}

/** Says of each file that could not be read, or was quarantined, that it was: once, and as soon as it is asked to. */
class Troubles {
  private readonly corridor: LocalCorridor;
  private readonly plan: RunPlan;
  private unread = 0;
  private quarantined = 0;

  constructor(corridor: LocalCorridor, plan: RunPlan) {
    this.corridor = corridor;
    this.plan = plan;
  }

  tell(): void {
    const { unread, quarantine } = this.corridor;
    for (const error of unread.slice(this.unread)) complain(error);
    const untold = quarantine.items.slice(this.quarantined);
    if (this.plan.json) for (const object of quarantinedObjects(untold)) this.plan.answers.write(jsonLine(object));
    else process.stderr.write(quarantinedText(untold));
    [this.unread, this.quarantined] = [unread.length, quarantine.items.length];
  }
}

/** Waits an interval and says true, or says false as soon as the process is interrupted. */
function untilInterrupted(waitMs: number): () => Promise<boolean> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  return () => setTimeout(waitMs, true, { signal: interrupt.signal }).catch(() => false);
}

async function report(corridor: LocalCorridor, { json, answers, matches, found }: RunPlan): Promise<void> {
  answers.write(json ? jsonLine(summaryObject(corridor, matches, found)) : await summaryText(corridor, matches, found));
}
