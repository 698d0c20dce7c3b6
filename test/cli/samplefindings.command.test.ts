// The intrusion of the sample logs, as the detections tell it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { Finding } from '../../events/finding.ts';
import { isAtLeast } from '../../events/finding.ts';
import { COMMITTED } from '../../samples/sample.ts';
import { STEPS, storyRecords } from '../../samples/story/index.ts';
import { SAMPLE_RUN, sampleFindings } from '../../tools/samplefindings.ts';
import { trailbus } from '../command.ts';

const GOLDEN = join(import.meta.dirname, '../../samples/findings.txt');

let findings: Finding[];
before(async () => {
  const { stdout } = await trailbus(['run', ...SAMPLE_RUN, '--json']);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Finding & { type: string });
  findings = lines.filter(({ type }) => type === 'finding');
});

test('the findings are those of the golden file', () => {
  assert.equal(sampleFindings(findings), readFileSync(GOLDEN, 'utf8'), 'if this is what you want: npm run samples:findings');
});

const story = storyRecords(COMMITTED.seed);
const idOf = (record: Record<string, unknown>) => String(record['eventID']);

test('every planted step is found by the detection that is meant for it', () => {
  const missed = STEPS.flatMap(({ idea, at, call }, index) => {
    if (idea === '') return [];
    const id = idOf(story[index]!.record);
    const isFound = findings.some(
      ({ rule, events, count }) => rule === idea && (events.some(({ eventID }) => eventID === id) || count > events.length),
    );
    return isFound ? [] : [`${at} ${call}: ${idea}`];
  });
  assert.deepEqual(missed, []);
});

test('nothing outside the intrusion is found above medium', () => {
  const planted = new Set(story.map(({ record }) => idOf(record)));
  // Where a role is taken across the accounts, the other account tells of the intruder too.
  const addresses = new Set(story.map(({ record }) => record['sourceIPAddress']));
  const loud = findings.filter(
    ({ severity, events, from }) =>
      isAtLeast(severity, 'high') && !addresses.has(from) && !events.some(({ eventID }) => planted.has(eventID ?? '')),
  );
  assert.deepEqual(
    loud.map(({ rule, title }) => `${rule}: ${title}`),
    [],
  );
});
