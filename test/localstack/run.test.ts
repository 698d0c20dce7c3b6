// `trailbus run` on a bucket: what it lists, reads and says.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { trailbusProcess } from '../command.ts';
import { clients, VARIABLES, whyNoLocalStack } from './environment.ts';
import { RUN } from './stack.ts';

const { s3 } = clients();

const BUCKET = `trailbus-run-${RUN}`;
const FOLDER = 'team/AWSLogs/111122223333';
const logKey = (minute: number, mark: number) =>
  `${FOLDER}/CloudTrail/us-east-1/2026/11/22/111122223333_CloudTrail_us-east-1_20261122T00${String(minute).padStart(2, '0')}Z_${String(mark).padStart(16, '0')}.json.gz`;
const DIGEST = `${FOLDER}/CloudTrail-Digest/us-east-1/2026/11/22/111122223333_CloudTrail-Digest_us-east-1_main_us-east-1_20261122T010000Z.json.gz`;

const run = (source: string, ...options: string[]) => trailbusProcess(['run', source, ...options], '', VARIABLES);

interface Summary {
  files: { done: number; skipped: Record<string, number> };
  records: { read: number; emitted: number };
}

const summaryOf = (stdout: string) => JSON.parse(stdout.trim().split('\n').at(-1)!) as Summary;

/** More than one page of a listing, which is a thousand keys; most of them no log files. */
const OTHERS = 1_000;

async function fill(): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const file = (name: string) => gzipSync(`{"Records":[{"eventName":"${name}","big":12345678901234567890},{"eventName":"${name}"}]}`);
  const objects: [string, Uint8Array | string][] = [
    [logKey(5, 1), file('First')],
    [logKey(10, 2), file('Second')],
    [`other/${logKey(15, 3)}`, file('Elsewhere')],
    [DIGEST, gzipSync('{}')],
    // After the digest and before the logs in the listing's order, so that the logs are on its second page.
    ...Array.from({ length: OTHERS }, (_, at): [string, string] => [`${FOLDER}/CloudTrail-Digest/x/${String(at).padStart(4, '0')}`, '-']),
  ];
  let next = 0;
  const worker = async () => {
    for (let object = objects[next++]; object !== undefined; object = objects[next++])
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: object[0], Body: object[1] }));
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

describe('trailbus run on a bucket', { skip: await whyNoLocalStack() }, () => {
  test('reads the log files below the prefix, whatever page they are on, and skips digests and the rest', async () => {
    await fill();
    const { code, stdout, stderr } = run(`s3://${BUCKET}/team/`, '--json');
    assert.equal(code, 0, stderr);
    const { files, records } = summaryOf(stdout);
    assert.deepEqual([files.done, files.skipped], [2, { DIGEST_FILE: 1, NOT_CLOUDTRAIL_LOG: OTHERS }]);
    assert.deepEqual([records.read, records.emitted], [4, 4]);
  });

  test('emits the records’ own bytes', () => {
    const { code, stdout } = run(`s3://${BUCKET}/${logKey(5, 1)}`, '--emit', '-');
    assert.equal(code, 0);
    const details = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { Detail: string }).Detail);
    assert.deepEqual(details, ['{"eventName":"First","big":12345678901234567890}', '{"eventName":"First"}']);
  });

  test('says clearly that a bucket is not there', () => {
    const { code, stdout, stderr } = run(`s3://trailbus-gone-${RUN}/AWSLogs/`, '--json');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^trailbus: can’t list the bucket: NoSuchBucket: /m);
    assert.ok(stderr.includes(`in s3://trailbus-gone-${RUN}/AWSLogs/`), stderr);
    assert.match(stderr, /next: check the bucket’s name/);
  });
});
