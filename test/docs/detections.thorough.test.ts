// Every example of docs/detections.md is read by the reader of its kind, and detections with tests pass them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfigFile } from '../../events/configfile.ts';
import { LIST_NAMES, readDetections, selfTest } from '../../events/detect/index.ts';
import { readYaml } from '../../events/yamlfile.ts';
import { packDetections } from '../../local/detectionfiles.ts';
import { MemoryFindingState } from '../../local/findingstate.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/detections.md'), 'utf8');
const blocks = [...PAGE.matchAll(/^```yaml ?(\w*)\n([\s\S]*?)^```$/gm)].map(([, role = '', text = '']) => ({ role, text }));
const ofRole = (wanted: string) =>
  blocks.filter(({ role, text }) => role === wanted && !text.startsWith('# yaml-language-server')).map(({ text }) => text);

const headOf = (text: string) => text.split('\n')[0]!;

for (const text of ofRole(''))
  test(`the page’s detection passes its tests: ${headOf(text)}`, async () => {
    const [detection] = readDetections(text, 'page.yaml');
    const options = { readRecords: () => [], newState: () => new MemoryFindingState(), today: '2026-11-28' };
    const results = await selfTest(detection!, options);
    assert.ok(results.length >= 2);
    assert.deepEqual(
      results.filter(({ passed }) => !passed),
      [],
    );
  });

/** What a part stands in: its own keys take the place of these. */
const BASE = { id: 'id: page', pattern: 'pattern: { detail: { eventName: [CreateUser] } }' };
for (const text of ofRole('part'))
  test(`the page’s part of a detection is taken: ${headOf(text)}`, () => {
    const keys = Object.keys(readYaml(text, 'page')[0]!.value as object);
    const base = Object.entries(BASE).flatMap(([key, line]) => (keys.includes(key) ? [] : [line]));
    assert.equal(readDetections([...base, text].join('\n'), 'page.yaml').length, 1);
  });

test('the page’s configuration is taken, and names detections that are there', () => {
  const [text] = ofRole('config');
  const { fields, faults } = readConfigFile(text!, 'trailbus.yml');
  assert.deepEqual(faults, []);
  const ids = packDetections().map(({ id }) => id);
  const named = [
    ...(fields.detections?.on ?? []),
    ...(fields.detections?.off ?? []),
    ...Object.keys(fields.detections?.override ?? {}),
    ...fields.exclusions!.flatMap(({ rules = [] }) => rules),
  ];
  assert.ok(named.length > 5);
  for (const name of named)
    assert.ok(
      ids.some((id) => (name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : id === name)),
      name,
    );
});

test('there are examples of every key, condition, window and list', () => {
  const all = blocks.map(({ text }) => text).join('\n');
  const keys = [...PAGE.matchAll(/^\| `([\w.]+)` \| /gm)].map(([, key]) => key!.replace(/^detections\./, ''));
  const without = new Set(['targets', 'rules', 'pack', 'checks']);
  assert.ok(keys.length > 35, keys.join());
  assert.deepEqual(
    keys.filter((key) => !without.has(key) && !new RegExp(`\\b${key}\\b`).test(all)),
    [],
  );
  for (const key of ['threshold', 'distinct', 'sequence', 'firstSeen', 'dedup', 'remember', 'learn', 'until'])
    assert.match(all, new RegExp(`\\b${key}:`));
  assert.deepEqual([...PAGE.matchAll(/^\| `\$(\w+)` \|/gm)].map(([, name]) => name).sort(), [...LIST_NAMES].sort());
});
