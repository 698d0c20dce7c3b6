// What `trailbus rules backtest` does: detections over logs that are there, in one pass, with and without their exclusions.
import { statSync } from 'node:fs';
import { type Detection, isNamed } from '../../events/detect/index.ts';
import { UsageError } from '../../events/errors.ts';
import { nearest } from '../../events/pattern/index.ts';
import { type LoadedConfig, readConfig } from '../../local/configfile.ts';
import { chosenDetections, unheardOf } from '../../local/inforce.ts';
import { accountsUnnamed, boundHeap } from '../detecting.ts';
import { ExitCode } from '../exitcode.ts';
import { quarantinedText } from '../report.ts';
import { walkAll } from '../run.ts';
import { SourceListing } from '../sources.ts';
import { complain, jsonLine, warnOf } from '../terminal.ts';
import { BacktestPass } from './backtestpass.ts';
import { backtestObjects, backtestText } from './backtestreport.ts';

export interface BacktestOptions {
  /** Files, folders and ids of detections; all that are on where none are named. */
  rule?: string[];
  config?: string;
  allRules?: boolean;
  json?: boolean;
  /** How many events are shown of each detection. */
  samples?: number;
}

const DEFAULT_SAMPLES = 3;
const MOST_SAMPLES = 100;

/** @returns `found` when there is a finding, `failed` when a file could not be read */
export async function backtest(sources: string[], options: BacktestOptions): Promise<ExitCode> {
  const samples = options.samples ?? DEFAULT_SAMPLES;
  if (!Number.isSafeInteger(samples) || samples < 0 || samples > MOST_SAMPLES)
    throw new UsageError(`\`--samples\` must be a whole number up to ${MOST_SAMPLES}`, { help: 'write --samples 5' });
  const listing = new SourceListing(sources, { isQuiet: options.json === true });
  const config = readConfig(options.config);
  const detections = askedDetections(config, options);
  warnOf(unheardOf(detections, config));
  boundHeap();
  const logs = { accounts: await accountsUnnamed(config, listing), isUnordered: !(await listing.isTimed()) };
  const pass = new BacktestPass(config, detections, logs, samples);
  await walkAll(pass.corridor, {
    ...{ listing, json: options.json === true, follow: false, isOver: () => false },
    afterFiles: [(isLast) => pass.endFile(isLast)],
  });
  for (const error of pass.corridor.unread) complain(error);
  process.stderr.write(quarantinedText(pass.corridor.quarantine.items));
  const result = pass.result();
  if (options.json) for (const object of backtestObjects(result)) process.stdout.write(jsonLine(object));
  else process.stdout.write(await backtestText(result));
  if (pass.corridor.unread.length > 0) return ExitCode.failed;
  return result.rules.some(({ findings, detection }) => findings > 0 && !detection.dryRun) ? ExitCode.found : ExitCode.fine;
}

const isPath = (text: string): boolean => statSync(text, { throwIfNoEntry: false }) !== undefined;

/** Those that are named, on or off; else those that are on. */
function askedDetections(config: LoadedConfig, { rule: named = [], allRules = false }: BacktestOptions): Detection[] {
  const paths = named.filter(isPath);
  const ids = named.filter((name) => !isPath(name));
  const { on, every } = chosenDetections(config, paths, allRules);
  if (named.length === 0) return on;
  const asked = every.filter(({ id, source }) => ids.some((name) => isNamed(name, id)) || paths.some((path) => isBelow(source, path)));
  const unknown = ids.find((name) => !every.some(({ id }) => isNamed(name, id)));
  if (unknown === undefined) return asked;
  const meant = nearest(
    unknown,
    every.map(({ id }) => id),
  );
  throw new UsageError(`no detection and no file is called \`${unknown}\``, {
    help: meant === undefined ? 'see `trailbus rules list`' : `did you mean \`${meant}\`?`,
  });
}

const isBelow = (source: string, path: string): boolean => source === path || source.startsWith(`${path.replace(/\/+$/, '')}/`);
