// Every detection of the pack passes its own tests, and has enough of them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { lintDetectionFiles } from '../../cli/rules/lintdetections.ts';
import { compileDetections, LoneDetection, readDetections, recordsOfTest, selfTest } from '../../events/detect/index.ts';
import { toEntry } from '../../events/entry.ts';
import { recordsBeside } from '../../local/detectionfiles.ts';
import { MemoryFindingState } from '../../local/findingstate.ts';
import { REF, recordOf } from '../fakes/records.ts';

const PACK = join(import.meta.dirname, '../../detections');
const files = readdirSync(PACK)
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const detections = files.flatMap((name) => readDetections(readFileSync(join(PACK, name), 'utf8'), join(PACK, name)));

test('lint finds nothing in the pack that is more than a note', () => {
  const texts = new Map(files.map((name) => [join(PACK, name), readFileSync(join(PACK, name), 'utf8')]));
  const { findings, count } = lintDetectionFiles(texts, { config: undefined, isInPack: () => true, today: '2026-11-28' });
  assert.equal(count, detections.length);
  assert.deepEqual(
    findings.filter(({ severity }) => severity !== 'note').map(({ file, line, message }) => `${file}:${line} ${message}`),
    [],
  );
});

for (const detection of detections)
  describe(`detections/${detection.id}`, () => {
    test('passes its own tests', async () => {
      const results = await selfTest(detection, {
        readRecords: recordsBeside,
        newState: () => new MemoryFindingState(),
        today: '2026-11-28',
      });
      assert.deepEqual(
        results.filter(({ passed }) => !passed).map(({ name, why }) => `${name}: ${why}`),
        [],
      );
    });
    test('is explained as the evaluator judges, event by event', () => {
      const lone = new LoneDetection(detection, { inForce: { lists: [] }, exclusions: [], today: '2026-11-28' });
      for (const [kind, examples] of Object.entries({ matches: detection.tests.matches, ignores: detection.tests.ignores }))
        for (const example of examples)
          for (const [at, record] of recordsOfTest(example, detection.source, recordsBeside).entries()) {
            const { matches, summary } = lone.explain(toEntry(recordOf(record), REF));
            assert.equal(matches, summary.startsWith('matches'), summary);
            // A window may ignore events that it counts, and of something new the first is known beforehand.
            const isAlone = detection.window === undefined && !Array.isArray(example);
            if (isAlone) assert.equal(matches, kind === 'matches', `${kind} ${at}: ${summary}`);
          }
    });
    test('has two examples and two near misses', () =>
      assert.ok(detection.tests.matches.length >= 2 && detection.tests.ignores.length >= 2));
    test('stands in a file of its own name', () => assert.ok(detection.source.endsWith(`/${detection.id}.yaml`)));
    test('says what it is, how it is mapped and what to do', () => {
      assert.ok(detection.description.length > 40);
      assert.ok(detection.tags.some((tag) => tag.startsWith('attack.')));
      assert.ok(detection.runbook.length > 0);
    });
  });

/** Of each event that a detection's tests find by itself, as `change` makes it: which detections are loud about it. */
function loudAbout(change: object): string[] {
  const lists = new Map(detections.flatMap(({ tests }) => Object.entries(tests.lists)));
  const evaluator = compileDetections(detections, { lists, today: '2026-11-28' });
  const events = detections
    .flatMap(({ tests }) => (tests.matches as unknown[]).filter(isRecord))
    .map((record) => ({ ...record, ...change }));
  const hits = events.flatMap((event) => evaluator.ask(toEntry(recordOf(event), REF)));
  return [
    ...new Set(hits.filter(({ severity }) => severity === 'high' || severity === 'critical').map(({ detection }) => detection)),
  ].sort();
}

const isRecord = (event: unknown): event is object =>
  typeof event === 'object' && !Array.isArray(event) && !Object.hasOwn(event ?? {}, 'detail');

test('a call that AWS refuses is loud only where trying is the point', () =>
  assert.deepEqual(loudAbout({ errorCode: 'AccessDenied', errorMessage: 'not authorized', responseElements: null }), [
    'client.attack-tool',
    'creds.instance-outside',
    'org.leave',
  ]));

test('a call that a service makes for itself is loud only where it says that a key has leaked, or where no service calls', () => {
  const service = 'autoscaling.amazonaws.com';
  assert.deepEqual(loudAbout({ userIdentity: { type: 'AWSService', invokedBy: service }, sourceIPAddress: service, userAgent: service }), [
    'console.password-recovery',
    'iam.key-quarantined',
    'org.leave',
  ]);
});
