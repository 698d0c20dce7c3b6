// Where services are asked: by region and partition, by FIPS, by variables and profiles.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { defaultRegion, resolveEndpoint } from '../../../aws/integrity/endpoints.ts';

const scratch = mkdtempSync(join(tmpdir(), 'trailbus-endpoints-'));
after(() => rmSync(scratch, { recursive: true }));
const config = (name: string, text: string) => {
  writeFileSync(join(scratch, name), text);
  return join(scratch, name);
};

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = config('none', '');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(scratch, 'none');
});

const onAws: [string, Parameters<typeof resolveEndpoint>, string, string][] = [
  ['a bucket by its host', ['s3', 'eu-west-1', 'logs'], 'https://logs.s3.eu-west-1.amazonaws.com', 'eu-west-1'],
  ['a bucket with dots by path', ['s3', 'eu-west-1', 'my.logs'], 'https://s3.eu-west-1.amazonaws.com/my.logs', 'eu-west-1'],
  ['China', ['s3', 'cn-north-1', 'logs'], 'https://logs.s3.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['CloudTrail', ['cloudtrail', 'eu-west-1'], 'https://cloudtrail.eu-west-1.amazonaws.com', 'eu-west-1'],
  ['Organizations, one for the world', ['organizations', 'eu-west-1'], 'https://organizations.us-east-1.amazonaws.com', 'us-east-1'],
];
for (const [name, call, url, region] of onAws)
  test(`AWS's own endpoint: ${name}`, async () => assert.deepEqual(await resolveEndpoint(...call), { url, region, isCustom: false }));

test('FIPS endpoints are used when asked for', async () => {
  process.env['AWS_USE_FIPS_ENDPOINT'] = 'true';
  assert.equal((await resolveEndpoint('s3', 'us-east-1', 'logs')).url, 'https://logs.s3-fips.us-east-1.amazonaws.com');
});

test('a service’s own variable goes before the one for all, an option before both', async () => {
  process.env['AWS_ENDPOINT_URL'] = 'http://localhost:1/';
  process.env['AWS_ENDPOINT_URL_S3'] = 'http://localhost:2';
  assert.deepEqual(await resolveEndpoint('s3', 'eu-west-1', 'logs'), { url: 'http://localhost:2', region: 'eu-west-1', isCustom: true });
  assert.equal((await resolveEndpoint('cloudtrail', 'eu-west-1')).url, 'http://localhost:1');
  process.env['AWS_ENDPOINT_URL_ORGANIZATIONS'] = 'http://localhost:4';
  assert.equal((await resolveEndpoint('organizations', 'eu-west-1')).url, 'http://localhost:4');
  assert.equal((await resolveEndpoint('cloudtrail', 'eu-west-1', undefined, 'http://localhost:3')).url, 'http://localhost:3');
});

test('configured endpoints are passed over when told so', async () => {
  process.env['AWS_ENDPOINT_URL'] = 'http://localhost:1';
  process.env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] = 'true';
  assert.equal((await resolveEndpoint('cloudtrail', 'eu-west-1')).url, 'https://cloudtrail.eu-west-1.amazonaws.com');
});

test('an endpoint and a region of the profile are used', async () => {
  process.env['AWS_CONFIG_FILE'] = config('profile', '[default]\nregion = eu-north-1\nendpoint_url = http://profile:4\n');
  assert.deepEqual(await resolveEndpoint('s3', 'eu-north-1', 'logs'), { url: 'http://profile:4', region: 'eu-north-1', isCustom: true });
  assert.equal(await defaultRegion(), 'eu-north-1');
});

test('the region comes from the environment, else its want is told', async () => {
  process.env['AWS_DEFAULT_REGION'] = 'eu-central-1';
  assert.equal(await defaultRegion(), 'eu-central-1');
  process.env['AWS_REGION'] = 'eu-west-3';
  assert.equal(await defaultRegion(), 'eu-west-3');
  delete process.env['AWS_REGION'];
  delete process.env['AWS_DEFAULT_REGION'];
  await assert.rejects(defaultRegion(), {
    fault: { code: 'REGION_MISSING' },
  });
});
