// The process function: what each trigger is answered, which messages come again, what is counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import type { DoneFiles } from '../../events/doors.ts';
import { ReadError } from '../../events/errors.ts';
import type { ObjectRef } from '../../events/objectkey.ts';
import type { Policy } from '../../events/process.ts';
import type { Corridor } from '../../functions/corridor.ts';
import { LocalBus } from '../../local/bus.ts';
import { NothingDone } from '../../local/donefiles.ts';
import { QuarantineList } from '../../local/quarantine.ts';
import { newLog, objectCreated, s3Event, s3TestEvent, snsEnvelope, snsEvent, sqsEvent } from '../fakes/notifications.ts';
import { KEY, logFile } from '../fakes/records.ts';
import { WrittenLog } from '../fakes/writtenlog.ts';

const CONTEXT = {
  getRemainingTimeInMillis: () => 60_000,
  functionName: 'trailbus-process',
  awsRequestId: 'r',
  invokedFunctionArn: 'arn:aws:lambda',
} as unknown as Context;
const FILE = logFile({ eventID: 'e1', eventSource: 'ec2.amazonaws.com' }, { eventID: 'e2', eventSource: 'ec2.amazonaws.com' });

process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Trailbus';
const { logger, metrics: published } = await import('../../functions/handler.ts');
const { processHandler } = await import('../../functions/process.ts');

const written = new WrittenLog(logger, published);

/** Runs the handler over doors of this process; `failing` are keys that can't be read now. */
async function run(
  event: unknown,
  {
    failing = [] as string[],
    files = { [KEY]: FILE } as Record<string, Uint8Array>,
    context = CONTEXT,
    policy = {} as Policy,
    done = new NothingDone() as DoneFiles,
  } = {},
) {
  const emitted: string[] = [];
  const quarantine = new QuarantineList();
  const read = async ({ key }: ObjectRef) => {
    if (failing.includes(key))
      throw new ReadError('AccessDenied', true, { source: `s3://trail-logs/${key}`, help: 'let the role call s3:GetObject' });
    return files[key] ?? FILE;
  };
  const corridor: Corridor = {
    doors: (ledger) => ({
      ledger,
      store: { read },
      bus: new LocalBus([({ record }) => emitted.push(record.field('eventID')!)], ledger),
      quarantine,
      done,
    }),
    policy: () => ({ buckets: new Set(['trail-logs']), ...policy }),
  };
  written.clear();
  const answer = await (processHandler(() => corridor)(event, context) as Promise<SQSBatchResponse | undefined>).catch(
    (error: unknown) => error,
  );
  const { lines } = written;
  const metrics = lines.find((line) => '_aws' in line && 'RecordsRead' in line) ?? {};
  return { answer, emitted, quarantined: quarantine.items, metrics, lines };
}

const direct: [string, unknown][] = [
  ['S3', s3Event()],
  ['S3 in SNS', snsEvent(s3Event())],
  ['the trail’s own message in SNS', snsEvent(newLog())],
  ['EventBridge', objectCreated()],
];
for (const [name, event] of direct) {
  test(`emits the records of a file announced by ${name}, and answers nothing`, async () => {
    const { answer, emitted } = await run(event);
    assert.deepEqual([answer, emitted], [undefined, ['e1', 'e2']]);
  });

  test(`throws when a file announced by ${name} can't be read now: Lambda tries again`, async () => {
    const { answer, emitted } = await run(event, { failing: [KEY] });
    assert.ok(answer instanceof ReadError);
    assert.deepEqual(emitted, []);
  });
}

const queued: [string, unknown][] = [
  ['S3', s3Event()],
  ['S3 in SNS', snsEnvelope(s3Event())],
  ['the trail’s own message, raw', newLog()],
  ['the trail’s own message in SNS', snsEnvelope(newLog())],
  ['EventBridge', objectCreated()],
];
for (const [name, body] of queued)
  test(`emits the records of a file announced by ${name} in SQS, and reports no failure`, async () => {
    const { answer, emitted } = await run(sqsEvent(body));
    assert.deepEqual([answer, emitted], [{ batchItemFailures: [] }, ['e1', 'e2']]);
  });

test('reports of a batch of ten the one message alone that failed', async () => {
  const keys = Array.from({ length: 10 }, (_, at) => KEY.replace('abcDEF', `abcDE${at}`));
  const files = Object.fromEntries(keys.map((key) => [key, logFile({ eventID: `${key}/1` }, { eventID: `${key}/2` })]));
  const { answer, emitted, metrics } = await run(sqsEvent(...keys.map((key) => s3Event({ key }))), { files, failing: [keys[6]!] });
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'm7' }] });
  assert.equal(emitted.length, 18);
  assert.deepEqual([metrics['RecordsRead'], metrics['FilesDone'], metrics['FilesToRetry']], [18, 9, 1]);
});

test('reports every message of a batch that failed as a whole, and does not throw', async () => {
  const { answer } = await run(sqsEvent('no JSON', { what: 'is this' }));
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] });
});

test('works on at most three files of a batch at a time', async () => {
  let [running, most] = [0, 0];
  const done: DoneFiles = {
    once: async (_ref, work) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return work();
    },
  };
  const { answer } = await run(sqsEvent(...Array.from({ length: 10 }, () => s3Event())), { done });
  assert.deepEqual([most, answer], [3, { batchItemFailures: [] }]);
});

test('a record that two files of a batch hold goes out once, and is counted', async () => {
  const keys = ['abcDE1', 'abcDE2'].map((name) => KEY.replace('abcDEF', name));
  const shared = { eventID: 'shared', eventName: 'CreateUser' };
  const files = Object.fromEntries(keys.map((key) => [key, logFile(shared, { eventID: key })]));
  const { emitted, metrics } = await run(sqsEvent(...keys.map((key) => s3Event({ key }))), { files });
  assert.deepEqual(emitted.sort(), [...keys, 'shared'].sort());
  assert.deepEqual([metrics['RecordsRead'], metrics['EntriesAccepted'], metrics['RecordsSkipped']], [4, 3, 1]);
});

test('publishes one line of metrics an invocation, and they add up', async () => {
  const files = {
    [KEY]: logFile({ eventID: 'e1', eventSource: 'ec2.amazonaws.com' }, '42', { eventID: 'e2', eventSource: 'ec2.amazonaws.com' }),
  };
  const { metrics } = await run(
    sqsEvent(s3Event(), s3Event({ key: 'AWSLogs/1/CloudTrail-Digest/x.json.gz' }), s3Event({}, { bucket: 'forged' })),
    { files },
  );
  const named = [
    'RecordsRead',
    'EntriesAccepted',
    'EntriesParked',
    'EntriesReduced',
    'RecordsOfNewVersion',
    'RecordsSkipped',
    'RecordsQuarantined',
    'HitsSent',
    'DetectionFaults',
    'FilesDone',
    'FilesSkipped',
    'FilesQuarantined',
    'FilesToRetry',
  ];
  assert.deepEqual(
    named.map((name) => metrics[name]),
    [3, 2, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0],
  );
});

test('publishes metrics of an invocation that throws', async () => {
  const { metrics } = await run(s3Event(), { failing: [KEY] });
  assert.deepEqual([metrics['RecordsRead'], metrics['FilesToRetry']], [0, 1]);
});

test('logs JSON lines only, and nothing of what records hold', async () => {
  const key = `\n{"level":"INFO","message":"forged"}\n/${KEY}`;
  const files = { [key]: logFile({ eventID: 'e1', userAgent: 'SECRET-AGENT' }, '"SECRET-STRING"') };
  // `run` reads every line as JSON: a key that broke a line would show as a line of its own.
  const { lines, emitted } = await run(sqsEvent(newLog(), newLog({ s3ObjectKey: [key] })), { files, failing: [KEY] });
  assert.deepEqual(emitted, ['e1']);
  assert.doesNotMatch(JSON.stringify(lines), /SECRET/);
  assert.ok(!lines.some((line) => line['message'] === 'forged'));
  const failure = lines.find((line) => line['message'] === 'notification not done');
  assert.equal(failure?.['help'], 'let the role call s3:GetObject');
});

test('stops with a margin before its time is over, and the file comes again', async () => {
  const { answer, emitted } = await run(s3Event(), {
    context: { ...CONTEXT, getRemainingTimeInMillis: () => 1000 },
    policy: { timeLeftMs: () => 1000 },
  });
  assert.ok(answer instanceof Error);
  assert.deepEqual(emitted, []);
});

test('says in the log how many were skipped for a reason, what it means and what to do about it', async () => {
  const digest = s3Event({ key: KEY.replaceAll('_CloudTrail_', '_CloudTrail-Digest_').replace('/CloudTrail/', '/CloudTrail-Digest/') });
  const { lines } = await run(sqsEvent(digest, s3TestEvent(), digest));
  const { reasons } = lines.find(({ message }) => message === 'notifications handled')!;
  assert.deepEqual((reasons as Record<string, unknown>)['filesSkipped'], {
    DIGEST_FILE: { count: 2, means: 'is one of CloudTrail’s digests', next: 'check it with `trailbus validate-logs`' },
    TEST_EVENT: { count: 1, means: 'is S3’s test, sent when a notification is set' },
  });
});
