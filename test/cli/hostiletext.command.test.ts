// What callers write into logs, on its way to standard output: no answer holds what a terminal, or a reader that splits lines, would obey.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { trailbus } from '../command.ts';
import { folderOf } from '../fakes/folders.ts';
import { logFile } from '../fakes/records.ts';

/** CSI and NEL of C1, DEL, a bidi override, isolate and mark, line separators, what takes no room, a tag. */
const HOSTILE = 'a\u009b31m\u0085\u007f\u202eb\u2066\u061c\u2028\u2029\u200b\u2060\ufeff\u{e0041}z';
const RAW = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

const DETECTION = `id: odd.name
title: "{requestParameters.userName} was made ${HOSTILE}"
severity: high
pattern: { detail: { eventName: [CreateUser], userAgent: [${JSON.stringify(HOSTILE)}] } }
tests: { ignores: [{ eventName: CreateUser, userAgent: ${JSON.stringify(HOSTILE)}, requestParameters: { userName: ${JSON.stringify(HOSTILE)} } }] }
`;
const RECORD = {
  ...{ eventVersion: '1.08', eventTime: '2026-10-05T12:00:00Z', eventSource: 'iam.amazonaws.com', eventName: 'CreateUser' },
  ...{ awsRegion: 'us-east-1', recipientAccountId: '111122223333', eventID: 'e1', eventType: 'AwsApiCall', userAgent: HOSTILE },
  ...{ userIdentity: { type: 'IAMUser', userName: HOSTILE }, requestParameters: { userName: HOSTILE } },
};
const folder = folderOf({
  'odd.name.yaml': DETECTION,
  'trailbus.yml': 'detections: { pack: false, files: [odd.name.yaml] }\n',
  'logs/a.json.gz': logFile(RECORD),
  'rule.yaml': `name: odd\npattern: { detail: { userAgent: [${JSON.stringify(HOSTILE)}] } }\n`,
});
const at = (name: string) => join(folder, name);
const config = ['--config', at('trailbus.yml')];

const jsonCases: [string, string[]][] = [
  ['run', ['run', at('logs'), '--json', ...config]],
  ['run --rules', ['run', at('logs'), '--json', '--rules', at('rule.yaml')]],
  ['rules backtest', ['rules', 'backtest', at('logs'), '--json', ...config]],
  ['rules list', ['rules', 'list', '--json', ...config]],
  ['rules test', ['rules', 'test', at('odd.name.yaml'), '--json']],
  ['rules match', ['rules', 'match', at('rule.yaml'), at('logs/a.json.gz'), '--json']],
  ['rules explain', ['rules', 'explain', at('rule.yaml'), at('logs/a.json.gz'), '--json']],
  ['rules new', ['rules', 'new', '--from', JSON.stringify({ ...RECORD, eventName: HOSTILE }), '--record', '--json']],
  ['template --as-rules', ['template', '--as-rules', '--native', '--json', ...config]],
];
for (const [name, args] of jsonCases)
  test(`${name} --json escapes what callers wrote, and says the same`, async () => {
    const { stdout, stderr } = await trailbus(args);
    assert.doesNotMatch(stdout, RAW);
    const lines = stdout.trimEnd().split(/[\n\u0085\u2028\u2029]/);
    assert.ok(
      lines.some((line) => JSON.stringify(JSON.parse(line)).includes(HOSTILE)),
      stdout + stderr,
    );
  });

test('what stands in a template of rules is escaped in JSON and in YAML', async () => {
  for (const form of [[], ['--yaml']]) {
    const { stdout, stderr } = await trailbus(['template', '--as-rules', '--native', ...config, ...form]);
    assert.match(stdout, /\\u009b31m/, stderr);
    assert.doesNotMatch(stdout, RAW);
  }
});

test('rules match writes the events as they came, where no terminal reads them', async () => {
  const { stdout } = await trailbus(['rules', 'match', at('rule.yaml'), at('logs/a.json.gz')]);
  assert.equal(stdout, `${JSON.stringify(RECORD)}\n`);
});

test('JUnit holds no character that XML forbids or a page would obey', async () => {
  const junit = at('results.xml');
  await trailbus(['rules', 'test', at('odd.name.yaml'), '--junit', junit]);
  const xml = readFileSync(junit, 'utf8');
  assert.match(xml, /a\\u\{9b\}31m\\u\{85\}\\u\{7f\}\\u\{202e\}b/);
  assert.doesNotMatch(xml, RAW);
});
