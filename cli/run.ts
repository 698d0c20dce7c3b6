// What `trailbus run` does.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { UsageError } from '../events/errors.ts';
import type { Policy } from '../events/process.ts';
import type { EntryListener } from '../local/bus.ts';
import { EntryWriter } from '../local/emit.ts';
import { FolderStore, followFolders, type Look, look } from '../local/objects.ts';
import type { RuleListener } from '../local/rules.ts';
import { LocalCorridor } from './corridor.ts';
import { ExitCode } from './exitcode.ts';
import type { MatchWriter } from './matches.ts';
import { startProgress } from './progress.ts';
import { quarantinedObjects, quarantinedText, summaryObject, summaryText } from './report.ts';
import { addressOfFile, filesOf, isBucketAddress } from './sources.ts';
import { complain, printable } from './terminal.ts';

export interface RunOptions {
  emit?: string;
  watch?: boolean;
  maxInflated?: number;
  json?: boolean;
  /** Rule files and folders. */
  rules?: string[];
}

const WATCH_INTERVAL_MS = 1000;

/** Walks the sources. @returns `found` when something was quarantined or a rule matched, `failed` when something was not read */
export async function run(sources: string[], options: RunOptions): Promise<ExitCode> {
  checkOptions(sources, options);
  const writer = options.emit === undefined ? undefined : new EntryWriter(options.emit);
  const rules = options.rules === undefined ? undefined : await listenWithRules(options.rules, options);
  const listeners: EntryListener[] = [];
  if (writer !== undefined) listeners.push((entry) => writer.write(entry));
  if (rules !== undefined) listeners.push((entry) => rules.listener.listen(entry));
  const corridor = new LocalCorridor(listeners, policyOf(options));
  const told = new Troubles(corridor, options);
  const known = await walkAll(sources, corridor, options, writer);
  told.tell();
  if (options.watch) await follow(sources, known, corridor, writer, () => told.tell());
  writer?.end();
  rules?.writer.flush();
  await report(corridor, options, rules?.listener.counts);
  if (corridor.unread.length > 0) return ExitCode.failed;
  return corridor.quarantine.items.length > 0 || (rules?.listener.matched ?? 0) > 0 ? ExitCode.found : ExitCode.fine;
}

/** Rules that write what they match as it comes. */
async function listenWithRules(
  sources: string[],
  { emit, json = false }: RunOptions,
): Promise<{ listener: RuleListener; writer: MatchWriter }> {
  const [{ readRuleFiles }, { RuleListener }, { MatchWriter }, { warnOfUnresolved }] = await Promise.all([
    import('../local/rulefiles.ts'),
    import('../local/rules.ts'),
    import('./matches.ts'),
    import('./rules/match.ts'),
  ]);
  const writer = new MatchWriter(answersOf(emit), json);
  const loaded = await readRuleFiles(sources);
  warnOfUnresolved(loaded.rules);
  const listener = new RuleListener(loaded, (matching, entry) => writer.write(matching, entry));
  return { listener, writer };
}

/** Where answers go: entries on standard output push them aside. */
const answersOf = (emit: string | undefined) => (emit === '-' ? process.stderr : process.stdout);

function checkOptions(sources: string[], { maxInflated, watch }: RunOptions): void {
  if (maxInflated !== undefined && !(Number.isSafeInteger(maxInflated) && maxInflated > 0))
    throw new UsageError('`--max-inflated` must be a whole number of bytes', { help: 'write --max-inflated 1073741824 for 1 GiB' });
  const notFolder = sources.find((source) => isBucketAddress(source) || source === '-');
  if (watch && notFolder !== undefined)
    throw new UsageError(`\`--watch\` follows folders, not \`${notFolder}\``, { help: 'deploy the process function to follow a bucket' });
}

const policyOf = ({ maxInflated }: RunOptions): Policy => (maxInflated === undefined ? {} : { maxInflatedBytes: maxInflated });

/** Milliseconds after which signals and streams are given their turn: files are read in one go, and would keep it for themselves. */
const TURN_MS = 100;

/** Walks what is there now. @returns the paths walked, each as it looked before it was read; only where folders are followed */
async function walkAll(
  sources: string[],
  corridor: LocalCorridor,
  options: RunOptions,
  writer: EntryWriter | undefined,
): Promise<Map<string, Look>> {
  const progress = await startProgress('files', options.json === true);
  const known = new Map<string, Look>();
  let [walked, turnedAt] = [0, Date.now()];
  try {
    for await (const file of filesOf(sources)) {
      if (writer?.closed) break;
      if (options.watch) known.set(file.ref.key, look(file.ref.key));
      await corridor.walk(file);
      progress.advance(++walked, file.total, printable(addressOfFile(file.ref)));
      if (Date.now() - turnedAt < TURN_MS) continue;
      await setImmediate();
      turnedAt = Date.now();
    }
  } finally {
    progress.stop();
  }
  const { filesDone, filesQuarantinedTotal } = corridor.ledger;
  if (filesDone + filesQuarantinedTotal + corridor.unread.length === 0 && !options.watch)
    throw new UsageError(`no log files in ${sources.map((source) => `\`${source}\``).join(', ')}`, {
      help: 'log files end in .json.gz; is this the right folder or prefix?',
    });
  return known;
}

/** Walks new files as they come, until interrupted or nobody takes the entries any more. */
async function follow(
  folders: string[],
  known: Map<string, Look>,
  corridor: LocalCorridor,
  writer: EntryWriter | undefined,
  afterEach: () => void,
): Promise<void> {
  const store = new FolderStore();
  writer?.flush();
  process.stderr.write(`following ${folders.map(printable).join(', ')}; end with Ctrl-C\n`);
  for await (const file of followFolders(folders, known, untilInterrupted(WATCH_INTERVAL_MS))) {
    await corridor.walk({ ...file, store });
    writer?.flush();
    if (writer?.closed) return;
    if (file.skip === undefined) process.stderr.write(`read ${printable(addressOfFile(file.ref))}\n`);
    afterEach();
  }
}

/** Says of each file that could not be read, or was quarantined, that it was: once, and as soon as it is asked to. */
class Troubles {
  private readonly corridor: LocalCorridor;
  private readonly options: RunOptions;
  private unread = 0;
  private quarantined = 0;

  constructor(corridor: LocalCorridor, options: RunOptions) {
    this.corridor = corridor;
    this.options = options;
  }

  tell(): void {
    const { unread, quarantine } = this.corridor;
    for (const error of unread.slice(this.unread)) complain(error);
    const news = quarantine.items.slice(this.quarantined);
    if (this.options.json) for (const object of quarantinedObjects(news)) answersOf(this.options.emit).write(`${JSON.stringify(object)}\n`);
    else process.stderr.write(quarantinedText(news));
    [this.unread, this.quarantined] = [unread.length, quarantine.items.length];
  }
}

/** Waits an interval and says true, or says false as soon as the process is interrupted. */
function untilInterrupted(milliseconds: number): () => Promise<boolean> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  return () => setTimeout(milliseconds, true, { signal: interrupt.signal }).catch(() => false);
}

async function report(corridor: LocalCorridor, { json, emit }: RunOptions, rules?: Map<string, number>): Promise<void> {
  answersOf(emit).write(json ? `${JSON.stringify(summaryObject(corridor, rules))}\n` : await summaryText(corridor, rules));
}
