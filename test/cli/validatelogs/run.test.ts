// What the guide promises of the options that awscli doesn't have, against a made-up AWS and a copy of the samples.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, mock, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { SignedRequests } from '../../../aws/integrity/signedrequests.ts';
import { BUCKET, CASES, digestKey, KEY_B, logKey, MAIN, MEMBER, ORGANIZATION, wholeWorld, worldOf } from './cases.ts';
import type { TestEndpoint } from './endpoint.ts';
import { saidBy } from './keptoutput.ts';
import { openEndpoint } from './testendpoint.ts';
import { trailArn } from './world.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SPAN = { startTime: '2026-03-10T18:00:00Z', endTime: '2026-03-11T06:00:00Z' };
const HOUR = new Date('2026-03-10T22:00:00Z');
const MAIN_SPAN = { trailArn: trailArn(MAIN), ...SPAN };
const worldOfCase = (name: string) => worldOf(CASES.find((one) => one.name === name)!);

let endpoint: TestEndpoint;
before(async () => {
  endpoint = await openEndpoint();
});
after(() => endpoint.close());

const linesOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('--all checks every account, region and trail of the bucket', async () => {
  endpoint.world = wholeWorld();
  const { code, stdout } = await saidBy({ all: true, s3Bucket: BUCKET, ...SPAN });
  assert.equal(code, 0);
  assert.deepEqual(stdout.match(/^Proven: .*?: /gm), [
    'Proven: account 111122223333, region eu-west-1, trail main: ',
    'Proven: account 111122223333, region us-east-1, trail main: ',
  ]);
});

test('--all is narrowed by trail, account and region, and finds the folder of an organization', async () => {
  endpoint.world = wholeWorld();
  const region = await saidBy({ all: true, s3Bucket: BUCKET, ...SPAN, region: 'eu-west-1' });
  assert.equal(region.stdout.match(/^Proven: /gm)?.length, 1);
  const account = await saidBy({ all: true, s3Bucket: BUCKET, ...SPAN, accountId: MEMBER });
  assert.match(account.stdout, /^No digests found$/m);
  const organization = await saidBy({ all: true, trailArn: trailArn(ORGANIZATION), ...SPAN });
  assert.equal(organization.stdout.match(/^Proven: account 444455556666, region [a-z0-9-]+, trail org: /gm)?.length, 2);
});

test('--all asks for the public keys of each region in that region', async () => {
  endpoint.world = wholeWorld();
  const asked: string[] = [];
  const send = SignedRequests.prototype.send;
  const sending = mock.method(SignedRequests.prototype, 'send', function (this: SignedRequests, ...call: Parameters<typeof send>) {
    if (call[0].operation === 'ListPublicKeys') asked.push(call[0].region);
    return send.apply(this, call);
  });
  try {
    await saidBy({ all: true, s3Bucket: BUCKET, ...SPAN });
  } finally {
    sending.mock.restore();
  }
  assert.deepEqual([...new Set(asked)], ['eu-west-1', 'us-east-1']);
});

test('--strict counts a log file that cannot be read as invalid, says why, and goes on', async () => {
  endpoint.world = worldOfCase('denied to read a log');
  const { code, stdout, stderr } = await saidBy({ ...MAIN_SPAN, strict: true });
  assert.equal(code, 1);
  const reason = 'could not be read: An error occurred (AccessDenied) when calling the GetObject operation: Access Denied';
  assert.equal(stderr, `Log file\ts3://${BUCKET}/${logKey(endpoint.world, '10T22', 1)}\tINVALID: ${reason}\n\n`);
  assert.match(stdout, /\n12\/12 digest files valid\n3\/3 backfill digest files valid\n17\/18 log files valid, 1\/18 log files INVALID\n/);
});

test('--local counts a log file that cannot be read as invalid, and goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-unreadable-'));
  cpSync(join(ROOT, 'samples/logs'), folder, { recursive: true });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const log = files.find((file) => /111122223333\/CloudTrail\/us-west-2\/.*\.json\.gz$/.test(file))!;
  rmSync(join(folder, log));
  symlinkSync(join(folder, log), join(folder, log));
  const options = { local: folder, publicKeys: join(ROOT, 'samples/public-keys.json'), accountId: '111122223333', region: 'us-west-2' };
  const { code, stdout, stderr } = await saidBy(options);
  assert.equal(code, 1);
  assert.match(stderr, /^Log file\ts3:.*INVALID: could not be read: ELOOP: .*\n\n$/);
  assert.match(stdout, /^Not proven: .*: 1 fault /m);
  rmSync(folder, { recursive: true });
});

test('--json tells of digests, backfill digests, log files, gaps and problems, each with its fields', async () => {
  endpoint.world = worldOfCase('trail stopped and started');
  endpoint.world.addChain({ trail: MAIN, account: MAIN.owner, region: 'us-east-1', from: HOUR, hours: [1], key: KEY_B, isBackfill: true });
  const log = logKey(endpoint.world, '10T19');
  endpoint.world.put(BUCKET, log, gzipSync('{}'));
  const { code, stdout, stderr } = await saidBy({ ...MAIN_SPAN, strict: true, json: true, verbose: true });
  assert.deepEqual([code, stderr], [1, '']);
  const lines = linesOf(stdout);
  const place = { account: '111122223333', region: 'us-east-1', trail: 'main' };
  for (const { account, region, trail } of lines) assert.deepEqual({ account, region, trail }, place);
  const first = (type: string, choose: (line: Record<string, unknown>) => boolean = () => true) =>
    lines.find((line) => line['type'] === type && choose(line));
  const digest = (time: string, end = '') => ({ bucket: BUCKET, key: digestKey(endpoint.world, time, end), valid: true });
  assert.deepEqual(first('digest'), { type: 'digest', ...place, ...digest('11T02') });
  assert.deepEqual(
    first('digest', ({ backfill }) => backfill === true),
    { type: 'digest', ...place, backfill: true, ...digest('10T23', '_backfill') },
  );
  assert.deepEqual(
    first('log', ({ valid }) => valid === false),
    {
      ...{ type: 'log', ...place, bucket: BUCKET, key: log },
      ...{ valid: false, reason: "hash value doesn't match" },
    },
  );
  assert.deepEqual(first('gap'), { type: 'gap', ...place, from: '2026-03-11T00:00:00Z', to: '2026-03-11T01:00:00Z' });
  assert.deepEqual(
    first('problem', ({ about }) => about === 'hours'),
    {
      ...{ type: 'problem', ...place, about: 'hours', from: '2026-03-10T20:00:00Z', to: '2026-03-10T22:00:00Z' },
      reason: 'no valid digest covers 2026-03-10T20:00:00Z to 2026-03-10T22:00:00Z (2 hours)',
    },
  );
  const summary = lines.at(-1)!;
  assert.deepEqual(summary['requested'], { from: SPAN.startTime, to: SPAN.endTime });
  assert.deepEqual(summary['found'], { from: SPAN.startTime, to: '2026-03-11T02:00:00Z' });
  assert.deepEqual([summary['trailArn'], summary['proven']], [trailArn(MAIN), false]);
});

test('--json leaves `found` out where no digest is valid', async () => {
  endpoint.world = worldOfCase('all digests deleted');
  const [summary] = linesOf((await saidBy({ ...MAIN_SPAN, json: true })).stdout);
  assert.equal(summary!['type'], 'summary');
  assert.ok(!('found' in summary!));
});

test('--profile names a profile of the AWS configuration; one that isn’t there ends with 255', async () => {
  const [folder, { AWS_CONFIG_FILE: before }] = [mkdtempSync(join(tmpdir(), 'trailbus-profile-')), process.env];
  writeFileSync(
    join(folder, 'config'),
    `[profile here]\naws_access_key_id = a\naws_secret_access_key = b\nendpoint_url = ${endpoint.url}\n`,
  );
  process.env['AWS_CONFIG_FILE'] = join(folder, 'config');
  delete process.env['AWS_ENDPOINT_URL'];
  endpoint.world = wholeWorld();
  try {
    const there = await saidBy({ ...MAIN_SPAN, profile: 'here' });
    assert.deepEqual([there.code, there.stderr], [0, '']);
    assert.deepEqual(await saidBy({ ...MAIN_SPAN, profile: 'nobody' }), {
      ...{ code: 255, stdout: '', stderr: '\nThe config profile (nobody) could not be found\n' },
    });
  } finally {
    delete process.env['AWS_PROFILE'];
    Object.assign(process.env, { AWS_CONFIG_FILE: before, AWS_ENDPOINT_URL: endpoint.url });
    rmSync(folder, { recursive: true });
  }
});
