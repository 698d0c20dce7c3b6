// `trailbus validate-logs` once its options are read: connects, checks, reports.
import {
  assertEndpointUrl,
  assertProfile,
  assertRegionName,
  connectIntegrity,
  defaultRegion,
  type IntegrityDoors,
} from '../../aws/integrity/index.ts';
import {
  awscliMessage,
  awscliReading,
  type CheckRequest,
  readTimes,
  resolveRequest,
  tellOutcome,
} from '../../events/digest/awscli/index.ts';
import type { PublicKeys, TrailBuckets, Trails } from '../../events/digest/doors.ts';
import {
  accountsFolder,
  type ClockTime,
  type DigestPlace,
  discoverPlaces,
  FatalError,
  type Outcome,
  readDigest,
  SetupError,
  StrictChecks,
  type TimeSpan,
  toMs,
  validateSpan,
} from '../../events/digest/index.ts';
import { UsageError } from '../../events/errors.ts';
import { isDigestName } from '../../events/objectkey.ts';
import { FolderBuckets } from '../../local/digests.ts';
import { NoTrails } from '../../local/notrails.ts';
import { KeyFile } from '../../local/publickeys.ts';
import { ExitCode } from '../exitcode.ts';
import { JUnitFile } from './junit.ts';
import { type ReportOutput, StreamOutput } from './output.ts';
import { type CheckedSpan, JsonReporter, provenLine, provenOrNot, QuietReporter, type Reporter, TextReporter } from './reporters.ts';

/** What was asked for, and how to look and tell. */
export interface ValidateLogsOptions extends Partial<CheckRequest> {
  endpointUrl?: string;
  profile?: string;
  verbose?: boolean;
  concurrency: number;
  all?: boolean;
  local?: string;
  publicKeys?: string;
  json?: boolean;
  junit?: string;
  strict?: boolean;
  quiet?: boolean;
}

/** Before CloudTrail: where a check begins that was told no start. */
const EVER = '2013-11-01';

/** The check does more than awscli's and so need not print byte for byte what awscli prints. */
const isOwnMode = ({ all, local, strict, quiet }: ValidateLogsOptions): boolean => Boolean(all || strict || quiet || local !== undefined);

/** Runs the check; what stops it goes to stderr as awscli writes it: after an empty line, unless the set-up is at fault. */
export async function runOrExplain(options: ValidateLogsOptions, now: Date, output: ReportOutput = new StreamOutput()): Promise<ExitCode> {
  try {
    return await checkTrail(options, now, output);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    output.write({ to: 'stderr', text: `${error instanceof SetupError ? '' : '\n'}${awscliMessage(error)}\n` });
    return ExitCode.unchecked;
  } finally {
    output.end();
  }
}

/** Where objects, keys and trails come from, for a region. */
interface Sources {
  trails: Trails;
  buckets: TrailBuckets;
  keysIn(region: string): PublicKeys;
  close(): void;
}

async function localSources(folder: string, bucket: string, keys: PublicKeys | undefined): Promise<Sources> {
  if (!keys)
    throw new UsageError('--local asks no AWS and so needs --public-keys', {
      help: 'write the keys with `aws cloudtrail list-public-keys`',
    });
  return { trails: new NoTrails(), buckets: await FolderBuckets.open(folder, bucket), keysIn: () => keys, close: () => {} };
}

async function awsSources({ region, endpointUrl }: ValidateLogsOptions, keys: PublicKeys | undefined): Promise<Sources> {
  await assertProfile();
  const home = region || (await defaultRegion());
  assertRegionName(home);
  const doors = new Map<string, IntegrityDoors>();
  const doorsIn = (place: string) => {
    if (!doors.has(place)) doors.set(place, connectIntegrity(place, endpointUrl));
    return doors.get(place)!;
  };
  const { trails, buckets } = doorsIn(home);
  const close = () => {
    for (const door of doors.values()) door.close();
  };
  return { trails, buckets, keysIn: (place) => keys ?? doorsIn(place || home).keys, close };
}

/** The bucket a copied folder stands for: as told, else as its first digest says. */
async function bucketOfCopy(folder: string, { s3Bucket, s3Prefix }: ValidateLogsOptions): Promise<string> {
  if (s3Bucket !== undefined) return s3Bucket;
  const copy = await FolderBuckets.open(folder, '');
  for await (const keys of copy.listObjects('', accountsFolder(s3Prefix), ''))
    for (const key of keys.filter(isDigestName))
      try {
        const bucket = readDigest(await copy.readObject('', key), key).fields['digestS3Bucket'];
        if (typeof bucket === 'string') return bucket;
      } catch {
        // A damaged digest is told of later; another one names the bucket.
      }
  throw new UsageError(`no digest in \`${folder}\` says which bucket it is a copy of`, { help: 'name the bucket with --s3-bucket' });
}

async function connect(options: ValidateLogsOptions): Promise<{ sources: Sources; bucket: string | undefined }> {
  const keys = options.publicKeys === undefined ? undefined : await KeyFile.open(options.publicKeys);
  if (options.local === undefined) return { sources: await awsSources(options, keys), bucket: options.s3Bucket };
  const bucket = await bucketOfCopy(options.local, options);
  return { sources: await localSources(options.local, bucket, keys), bucket };
}

interface Target {
  trailArn: string;
  span: TimeSpan;
}

/** The ARN of a trail known by its digests alone: its owner is taken to be the account the digests are of. */
const arnOf = ({ homeRegion, accountId, trailName }: DigestPlace) => {
  const partition = homeRegion.startsWith('cn-') ? 'aws-cn' : homeRegion.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:cloudtrail:${homeRegion}:${accountId}:trail/${trailName}`;
};

/** Every account and region whose digests lie in the bucket. */
async function* allTargets(
  options: ValidateLogsOptions,
  times: Times,
  sources: Sources,
  named: string | undefined,
): AsyncGenerator<Target> {
  const { trailArn } = options;
  const trail = named === undefined && trailArn !== undefined ? await sources.trails.describeTrail(trailArn) : undefined;
  const bucket = named ?? trail?.bucket;
  if (bucket === undefined) {
    if (trailArn !== undefined) throw new FatalError({ code: 'TRAIL_UNKNOWN', arn: trailArn });
    throw new UsageError('--all needs to know the bucket', {
      help: 'name it with --s3-bucket, or a trail that delivers to it with --trail-arn',
    });
  }
  const prefix = trail ? trail.prefix : options.s3Prefix;
  const where = { bucket, ...(prefix !== undefined && { prefix }) };
  const [, , , homeRegion] = trailArn?.split(':') ?? [];
  const only = {
    ...(options.accountId && { accountId: options.accountId }),
    ...(options.region && { region: options.region }),
    ...(trailArn !== undefined && { trailName: trailArn.split('/').at(-1)!, ...(homeRegion && { homeRegion }) }),
  };
  for await (const place of discoverPlaces(sources.buckets, { ...where, start: times.start }, only))
    yield { trailArn: trailArn ?? arnOf(place), span: { place, ...where, ...times } };
}

interface Times {
  start: ClockTime;
  end: ClockTime;
}

async function* targets(options: ValidateLogsOptions, times: Times, sources: Sources, bucket: string | undefined): AsyncGenerator<Target> {
  if (options.all || options.trailArn === undefined) {
    yield* allTargets(options, times, sources, bucket);
    return;
  }
  const request = { ...options, trailArn: options.trailArn, startTime: '', ...(bucket !== undefined && { s3Bucket: bucket }) };
  yield { trailArn: options.trailArn, span: await resolveRequest(request, times, sources.trails) };
}

function assertEnough({ trailArn, startTime, all, local }: ValidateLogsOptions): void {
  const isOpen = all || local !== undefined;
  if (isOpen) return;
  const missing = [...(trailArn === undefined ? ['`--trail-arn`'] : []), ...(startTime === undefined ? ['`--start-time`'] : [])];
  if (missing.length > 0)
    throw new UsageError(`${missing.join(' and ')} must be given`, {
      help: 'name the trail and where to begin, or check all that lies in a bucket (--all) or a folder (--local)',
    });
}

async function checkTrail(options: ValidateLogsOptions, now: Date, output: ReportOutput): Promise<ExitCode> {
  assertEnough(options);
  if (options.endpointUrl !== undefined) assertEndpointUrl(options.endpointUrl);
  if (options.profile) process.env['AWS_PROFILE'] = options.profile;
  const times = readTimes({ ...options, trailArn: '', startTime: options.startTime ?? EVER }, now);
  const { sources, bucket } = await connect(options);
  try {
    return await new LogCheck(options, sources, now, output).all(targets(options, times, sources, bucket));
  } finally {
    sources.close();
  }
}

class LogCheck {
  private readonly options: ValidateLogsOptions;
  private readonly sources: Sources;
  private readonly now: Date;
  private readonly output: ReportOutput;
  private readonly reporter: Reporter;
  private readonly junit: JUnitFile | undefined;

  constructor(options: ValidateLogsOptions, sources: Sources, now: Date, output: ReportOutput) {
    const reporterOptions = {
      isVerbose: options.verbose ?? false,
      hasHeadings: options.all || options.trailArn === undefined,
      isExact: !isOwnMode(options),
    };
    this.options = options;
    this.sources = sources;
    this.now = now;
    this.output = output;
    const Chosen = options.json ? JsonReporter : options.quiet ? QuietReporter : TextReporter;
    this.reporter = new Chosen(output, reporterOptions);
    this.junit = options.junit === undefined ? undefined : new JUnitFile();
  }

  /** Checks all targets, one after the other. @returns `found` when something is invalid */
  async all(list: AsyncIterable<Target>): Promise<ExitCode> {
    const checked: CheckedSpan[] = [];
    try {
      for await (const { trailArn, span } of list) checked.push(await this.one(trailArn, span));
    } catch (error) {
      this.junit?.endUnfinished(awscliMessage(error));
      throw error;
    } finally {
      if (this.junit) await this.junit.write(this.options.junit!);
    }
    this.tellProven(checked);
    return checked.some(({ report, problems }) => report.exitCode !== 0 || problems > 0) ? ExitCode.found : ExitCode.fine;
  }

  private tellProven(checked: CheckedSpan[]): void {
    const { json, trailArn, quiet } = this.options;
    if (json || !isOwnMode(this.options)) return;
    const none = `No digests found${trailArn === undefined ? '' : ` of ${trailArn}`}\n`;
    const lines = () => (quiet ? provenOrNot(checked) : `\n${checked.map(provenLine).join('')}`);
    this.output.write({ to: 'stdout', text: checked.length > 0 ? lines() : none });
  }

  private async one(trailArn: string, span: TimeSpan): Promise<CheckedSpan> {
    const { concurrency, strict, local } = this.options;
    const reading = awscliReading(this.now);
    const checks = strict ? new StrictChecks({ ...span, now: this.now, reading, ...this.openEnds() }) : undefined;
    const problem = (found: Parameters<Reporter['problem']>[0]) => {
      this.reporter.problem(found);
      this.junit?.problem(found);
    };
    this.reporter.begin(trailArn, span);
    const unreadable = strict || local !== undefined ? 'tell' : 'stop';
    const keys = this.sources.keysIn(this.options.all ? span.place.sourceRegion : this.options.region || '');
    for await (const outcome of validateSpan(span, this.sources.buckets, keys, { concurrency, unreadable, reading })) {
      const told = tellOutcome(outcome);
      this.reporter.tell(told);
      this.junit?.tell(told);
      for (const found of checks?.observe(outcome) ?? []) problem(found);
      this.showProgress(outcome, span);
    }
    if (checks) for await (const found of checks.finish(this.sources.buckets)) problem(found);
    const checked = this.reporter.end();
    this.junit?.endSuite(checked);
    return checked;
  }

  /** A border that nobody named is where the digests end; but a live trail is expected to go on until now. */
  private openEnds() {
    const { startTime, endTime, local } = this.options;
    return { isStartOpen: startTime === undefined, isEndOpen: endTime === undefined && local !== undefined };
  }

  /** Time walked through, newest first, says how far the check is. */
  private showProgress(outcome: Outcome, { start, end }: TimeSpan): void {
    const { verbose } = this.options;
    if (outcome.kind !== 'digest' || !outcome.proven || !process.stderr.isTTY || (verbose && process.stdout.isTTY)) return;
    const from = toMs(start);
    const length = Math.max(1, toMs(end) - from);
    const reached = toMs(outcome.proven.startTime);
    this.output.progress(Math.min(1, Math.max(0, 1 - (reached - from) / length)));
  }
}
