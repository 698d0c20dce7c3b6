// Rules that travel with the function, for `emit=matched`.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { toEntry } from '../../events/entry.ts';
import { TrailbusError } from '../../events/errors.ts';
import { checkRules } from '../../events/rules/index.ts';
import { wantedByShipped } from '../../functions/rules.ts';
import { REF, recordOf } from '../fakes/records.ts';

const BUS = { account: '111122223333', region: 'eu-west-1' };
const entry = (change: object = {}) =>
  toEntry(recordOf({ eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances', awsRegion: 'us-east-1', ...change }), REF);

const cases: [string, string, boolean][] = [
  ['the record', 'pattern: { detail: { eventName: [RunInstances] } }', true],
  ['the envelope that the entry will have', 'pattern: { source: [cloudtrail.ec2] }', true],
  ['the native source, which no entry has', 'pattern: { source: [aws.ec2] }', false],
  ['the bus’s region', 'pattern: { region: [eu-west-1] }', true],
  ['the record’s region as if it were the bus’s', 'pattern: { region: [us-east-1] }', false],
  ['the bus’s account', 'pattern: { account: ["111122223333"] }', true],
];
for (const [name, text, expected] of cases)
  test(`a rule on ${name} ${expected ? 'wants' : 'does not want'} it`, () =>
    assert.equal(checkRules(new Map([['rule.yml', text]]), BUS)(entry()), expected));

test('an entry is wanted by any rule of any file', () => {
  const files = new Map([
    ['a.json', '{"detail":{"eventName":["StopInstances"]}}'],
    [
      'b.yml',
      'id: one\npattern: { detail: { eventName: [DeleteTrail] } }\n---\nid: two\npattern: { detail: { eventName: [RunInstances] } }',
    ],
  ]);
  const wanted = checkRules(files);
  const names = ['StopInstances', 'DeleteTrail', 'RunInstances', 'CreateTrail'];
  assert.deepEqual(
    names.map((eventName) => wanted(entry({ eventName }))),
    [true, true, true, false],
  );
});

const refused: [string, string, string, RegExp][] = [
  ['does not compile', 'id: x\npattern:\n  detail: { eventName: [{ prefx: a }] }', 'rules.yml:3:27', /Unrecognized match type prefx/],
  ['is only known after a deployment', 'id: x\npattern: { account: [!Ref A] }', 'rules.yml:2:10', /known only after its own deployment/],
  ['is in no known form', 'hello: there', 'rules.yml:1:1', /no rule in it/],
];
for (const [name, text, source, message] of refused)
  test(`a rule that ${name} is refused with its place`, () =>
    assert.throws(
      () => checkRules(new Map([['rules.yml', text]])),
      (error) => error instanceof TrailbusError && message.test(error.message) && error.source === source,
    ));

test('reads the rules that were shipped beside the function', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-task-'));
  process.env['LAMBDA_TASK_ROOT'] = folder;
  t.after(() => delete process.env['LAMBDA_TASK_ROOT']);
  assert.throws(
    () => wantedByShipped('rules.json', BUS),
    (error) => error instanceof TrailbusError && error.source === join(folder, 'rules.json') && /deploy again/.test(error.help ?? ''),
  );
  writeFileSync(join(folder, 'rules.json'), JSON.stringify({ 'r.yml': 'pattern: { detail: { eventName: [RunInstances] } }' }));
  const wanted = wantedByShipped('rules.json', BUS);
  assert.deepEqual([wanted(entry()), wanted(entry({ eventName: 'Other' }))], [true, false]);
});
