// What `trailbus deliver` does.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type DeployedStack, deployedStack } from '../aws/deployedstack.ts';
import { type LoggedFinding, loggedFindings } from '../aws/toldfindings.ts';
import { type Detection, durationSeconds } from '../events/detect/index.ts';
import { TrailbusError, UsageError } from '../events/errors.ts';
import { loadConfig } from '../local/configfile.ts';
import { detectionsIn, packSources } from '../local/detectionfiles.ts';
import { deliveredFile, type FileToDeliver } from './deliveredfile.ts';
import { ExitCode } from './exitcode.ts';
import { givenRecords, nearestDetection, recordsOfFirstTest } from './givenrecords.ts';
import { jsonLine, printable } from './terminal.ts';

export interface DeliverOptions {
  fromTest?: string;
  expect?: string;
  stack: string;
  bucket?: string;
  endpointUrl?: string;
  region?: string;
  timeout: string;
  keep?: boolean;
  config?: string;
  json?: boolean;
}

const POLL_MS = 1_000;
/** The clock of the log may be behind ours. */
const SKEW_MS = 60_000;

const tellProgress = (text: string) => process.stderr.write(`${printable(text)}\n`);

/** @returns `fine` when it was found, `found` (something is wrong) when it was not. @throws TrailbusError */
export async function deliver(given: string | undefined, options: DeliverOptions): Promise<ExitCode> {
  const { rule, records, timeoutSeconds } = planned(given, options);
  const clients = clientsFor(options);
  const stack = await deployedStack(clients.cloudFormation, options.stack);
  const bucket = options.bucket ?? stack.bucket;
  if (bucket === undefined)
    throw new UsageError('the stack doesn’t say which bucket it reads', { source: stack.name, help: 'name it: --bucket' });
  const started = new Date();
  const file = deliveredFile(records, { now: started, keep: options.keep ?? false, ...stack, newId: randomUUID });
  await put(clients.s3, bucket, file);
  tellProgress(`delivered ${records.length} ${records.length === 1 ? 'record' : 'records'}: s3://${bucket}/${file.key}`);
  tellProgress(`waiting for ${rule}, at most ${timeoutSeconds} s`);
  const finding = await found(rule, file, { logs: clients.logs, stack, started, timeoutSeconds });
  const seconds = Math.round((Date.now() - started.getTime()) / 100) / 10;
  return tell(finding, { rule, bucket, key: file.key, seconds }, options.json ?? false);
}

/** What is asked for; said wrong, it is said before anything is delivered. */
function planned(given: string | undefined, options: DeliverOptions) {
  const { fromTest, expect: rule = fromTest } = options;
  if ((given === undefined) === (fromTest === undefined))
    throw new UsageError('give a record, or --from-test', {
      help: 'trailbus deliver FILE --expect RULE, or trailbus deliver --from-test ID',
    });
  if (rule === undefined) throw new UsageError('which finding is to be waited for?', { help: 'add --expect RULE' });
  const timeoutSeconds = durationSeconds(options.timeout);
  if (timeoutSeconds === undefined)
    throw new UsageError(`\`${options.timeout}\` is no length of time`, { help: 'write --timeout 90s, or 5m' });
  const detections = knownDetections(options.config);
  const records = fromTest === undefined ? givenRecords(given!) : recordsOfFirstTest(fromTest, detections);
  if (!detections.some(({ id }) => id === rule)) tellProgress(`no detection here is called ${rule}: ${nearestDetection(rule, detections)}`);
  return { rule, records, timeoutSeconds };
}

/** The pack with its tests, and one's own. */
function knownDetections(path: string | undefined): Detection[] {
  const { fields, lists, pathOf } = loadConfig(path);
  return detectionsIn([...(fields.detections?.files ?? []).map(pathOf), packSources()], [...lists.keys()]);
}

function clientsFor({ endpointUrl, region }: DeliverOptions) {
  const settings = { ...(endpointUrl !== undefined && { endpoint: endpointUrl }), ...(region !== undefined && { region }) };
  // An endpoint of one's own has no name for each bucket.
  const isOwn = endpointUrl ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  return {
    cloudFormation: new CloudFormationClient(settings),
    logs: new CloudWatchLogsClient(settings),
    s3: new S3Client({ ...settings, ...(isOwn !== undefined && { forcePathStyle: true }) }),
  };
}

async function put(s3: S3Client, bucket: string, { key, bytes }: FileToDeliver): Promise<void> {
  try {
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: 'application/json', ContentEncoding: 'gzip' }),
    );
  } catch (cause) {
    const { name, message } = cause as Error;
    const help = 'check the bucket’s name and your credentials; you need s3:PutObject on the bucket, and the use of its key';
    throw new TrailbusError(`can’t put the log file: ${name}: ${message}`, { source: `s3://${bucket}/${key}`, help, cause });
  }
}

interface Waiting {
  logs: CloudWatchLogsClient;
  stack: DeployedStack;
  started: Date;
  timeoutSeconds: number;
}

/** The finding that rests on a record of the file; undefined when the time is over. */
async function found(rule: string, { key }: FileToDeliver, waiting: Waiting): Promise<LoggedFinding | undefined> {
  const { logs, stack, started, timeoutSeconds } = waiting;
  for (;;) {
    const logged = await loggedFindings(logs, `/aws/lambda/${stack.name}-alert`, new Date(started.getTime() - SKEW_MS));
    const finding = logged.find((each) => each.rule === rule && each.keys.includes(key));
    if (finding !== undefined || Date.now() - started.getTime() >= timeoutSeconds * 1_000) return finding;
    await sleep(POLL_MS);
  }
}

interface Delivered {
  rule: string;
  bucket: string;
  key: string;
  seconds: number;
}

function tell(finding: LoggedFinding | undefined, delivered: Delivered, json: boolean): ExitCode {
  if (finding?.wasTold !== true) return tellMissing(finding, delivered, json);
  const { id, severity, state, count, account, region } = finding;
  const { rule, seconds, ...file } = delivered;
  const object = { type: 'finding', id, rule, severity, state, count, account, region, ...file, seconds };
  const where = [account, region].filter((part) => part !== undefined).join(' ');
  const events = `${count} ${count === 1 ? 'event' : 'events'}`;
  const line = `found after ${seconds} s: ${severity} ${rule} (${state}, ${events})${where === '' ? '' : ` in ${where}`}, ${id}`;
  process.stdout.write(json ? jsonLine(object) : `${printable(line)}\n`);
  return ExitCode.fine;
}

function tellMissing(onTrial: LoggedFinding | undefined, delivered: Delivered, json: boolean): ExitCode {
  const { rule, seconds } = delivered;
  if (json) process.stdout.write(jsonLine({ type: 'missing', ...delivered, ...(onTrial && { onTrial: true }) }));
  else if (onTrial !== undefined)
    process.stdout.write(`${printable(rule)} is on trial (dryRun): found after ${seconds} s, and nobody is told\n`);
  else process.stdout.write(`no finding of ${printable(rule)} in ${seconds} s\n`);
  if (onTrial === undefined) for (const hint of HINTS) tellProgress(`  ${hint}`);
  return ExitCode.found;
}

const HINTS = [
  'does it match? trailbus run FILE --detections … asks the same detections on this machine',
  'is it on, and have its lists values? trailbus config print; what is deployed is what was configured then',
  'a window tells once in its period, and firstSeen learns first: a second delivery finds nothing new',
  'was the file read? the log of the process function, and the stack’s alarms, say so',
];
