// Rules asked about entries, over the record's own bytes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type BusIdentity, envelopeOf, toEntry } from '../../../events/entry.ts';
import { PatternError } from '../../../events/pattern/error.ts';
import { compileForEntries } from '../../../events/rules/entrymatcher.ts';
import { readRules, withOwnNames } from '../../../events/rules/rulefile.ts';
import { REF, recordOf } from '../../fakes/records.ts';

const entryOf = (record: object) => toEntry(recordOf({ eventSource: 'iam.amazonaws.com', eventType: 'AwsApiCall', ...record }), REF);
const created = entryOf({ eventName: 'CreateUser', resources: [{ ARN: 'arn:aws:iam::1:user/a' }] });
const listed = entryOf({ eventName: 'ListUsers' });

const wantedBy = (text: string, source: string, bus?: BusIdentity) =>
  compileForEntries(withOwnNames(readRules(text, source)), new Map([[source, text]]), bus).wanted;

test('an entry is wanted when some rule of the file matches it', () => {
  const wanted = wantedBy(
    'id: a\npattern: { detail: { eventName: [CreateUser] } }\n---\nid: b\npattern: { source: [cloudtrail.s3] }\n',
    'rules.yaml',
  );
  assert.deepEqual([wanted(created), wanted(listed)], [true, false]);
});

test('rules see the envelope that the entry gets on the bus', () => {
  const wants = (pattern: object, bus = {}) => wantedBy(JSON.stringify(pattern), 'r.json', bus)(created);
  assert.ok(wants({ source: ['cloudtrail.iam'], 'detail-type': ['AWS API Call via CloudTrail'], resources: [{ prefix: 'arn:aws:iam' }] }));
  assert.ok(wants({ account: ['111122223333'], region: ['eu-west-1'] }, { account: '111122223333', region: 'eu-west-1' }));
  assert.ok(!wants({ account: ['111122223333'] }), 'the bus of a laptop has no account');
  assert.deepEqual(envelopeOf(listed), {
    version: '0',
    source: 'cloudtrail.iam',
    'detail-type': 'AWS API Call via CloudTrail',
    time: undefined,
    resources: [],
  });
});

test('rules of every form work, the samples among them', () => {
  const file = readFileSync(join(import.meta.dirname, '../../../samples/rules/intrusion.yaml'), 'utf8');
  const matcher = compileForEntries(readRules(file, 'intrusion.yaml'), new Map([['intrusion.yaml', file]]));
  assert.deepEqual(matcher.matching(created), ['iam.user-created']);
  assert.equal(matcher.wanted(listed), false);
});

test('a pattern that is refused is shown with its place in the file', () => {
  assert.throws(
    () => wantedBy('id: a\npattern:\n  source: [a]\n  detail: { eventName: CreateUser }\n', 'rules.yaml'),
    (error: unknown) =>
      error instanceof PatternError &&
      error.line === 4 &&
      error.source!.startsWith('rules.yaml:4:') &&
      error.path === 'detail.eventName' &&
      error.help === 'put the value in a list: ["value"]',
  );
});
