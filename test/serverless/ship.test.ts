// What travels with functions: rules, detections.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { unzipSync } from 'fflate';
import type { DetectionsInForce } from '../../events/detect/index.ts';
import { PatternError } from '../../events/pattern/index.ts';
import { FileError } from '../../events/yamlfile.ts';
import { loadConfig } from '../../local/configfile.ts';
import { detectionsFile } from '../../serverless/detections.ts';
import { rulesFile } from '../../serverless/rules.ts';
import { ship } from '../../serverless/ship.ts';
import { zip } from '../../serverless/zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailbus-rules-'));
after(() => rmSync(folder, { recursive: true }));
const rules = join(folder, 'rules.yml');
const RULE = 'id: odd\npattern: { detail: { eventName: [StopLogging] } }\n';

test('nothing can be shipped with a function that is not built', () =>
  assert.throws(() => ship(folder, 'process', {}), {
    message: /^nothing is built in `/,
    help: 'run `npm run build:functions` first',
  }));

test('a function is shipped with its files, under the same name for the same files', () => {
  writeFileSync(join(folder, 'process.zip'), zip({ 'index.mjs': Buffer.from('export {};') }));
  const name = ship(folder, 'process', { 'rules.json': Buffer.from('{}') });
  assert.deepEqual(Object.keys(unzipSync(readFileSync(join(folder, name)))), ['index.mjs', 'rules.json']);
  assert.equal(ship(folder, 'process', { 'rules.json': Buffer.from('{}') }), name);
  assert.notEqual(ship(folder, 'process', { 'rules.json': Buffer.from('[]') }), name);
});

test('rules travel as the text of each of their files', () => {
  const files = JSON.parse(Buffer.from(rulesFile(new Map([[rules, RULE]]))).toString()) as object;
  assert.deepEqual(files, { [rules]: RULE });
});

test('a rule that does not compile is shipped with nothing', () => {
  const odd = 'id: odd\npattern: { detail: { eventName: [{ prefx: Delete }] } }\n';
  assert.throws(
    () => rulesFile(new Map([[rules, odd]])),
    (error: unknown) => error instanceof PatternError && /rules\.yml:2:\d+$/.test(error.source ?? ''),
  );
});

const configOf = (text: string, files: Record<string, string> = {}) => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'trailbus.yml'), text);
  return loadConfig(join(folder, 'trailbus.yml'));
};
const MINE = 'id: mine\ndescription: long\nseverity: low\npattern: { detail: { eventName: [$names] } }\n';

test('detections that are on travel with lists, exclusions and settings, without their tests and descriptions', () => {
  const text = `lists: { names: [StopLogging] }
learn: 12h
storm: 5
detections: { pack: false, files: [mine.yaml], override: { mine: { severity: critical } } }
exclusions: [{ pattern: { detail: { eventName: [x] } }, reason: r, owner: o, until: 2027-01-31, rules: [mine], accounts: ["111122223333"] }]
`;
  const { bytes, asked } = detectionsFile(configOf(text, { 'mine.yaml': `${MINE}---\nid: off\noff: noisy\npattern: { source: [x] }\n` }));
  const { detections, ...rest } = JSON.parse(Buffer.from(bytes).toString()) as DetectionsInForce;
  assert.deepEqual(
    detections.map(({ id, severity, description, tests }) => [id, severity, description, tests.matches.length]),
    [['mine', 'critical', '', 0]],
  );
  const exclusion = { rules: ['mine'], accounts: ['111122223333'], reason: 'r', owner: 'o', until: '2027-01-31' };
  assert.deepEqual(rest, {
    ...{ lists: [['names', ['StopLogging']]], learnSeconds: 43_200, stormLimit: 5 },
    exclusions: [{ patterns: [{ detail: { eventName: ['x'] } }], ...exclusion }],
  });
  assert.deepEqual(asked, { count: 1, off: [] });
});

test('a detection that waits for a list is named; ours is the file’s own account, so that one waits for nothing', () => {
  const mine = MINE.replace('$names', '$regions');
  const theirs = 'id: theirs\npattern: { detail: { recipientAccountId: [$accounts] } }\n';
  const files = { 'mine.yaml': `${mine}---\n${theirs}` };
  const { asked } = detectionsFile(configOf('detections: { pack: false, files: [mine.yaml] }', files));
  assert.deepEqual(asked, { count: 1, off: [{ id: 'mine', why: '`$regions` has no values' }] });
});

test('a detection file at fault is shipped with nothing, and has all its faults named', () => {
  const wrong = 'id: mine\nseverty: high\npattern: { detail: { eventName: [$nams] } }\n';
  assert.throws(
    () => detectionsFile(configOf('detections: { pack: false, files: [mine.yaml] }', { 'mine.yaml': wrong })),
    (error: unknown) => error instanceof FileError && error.faults.length === 2 && error.faults.every(({ line }) => line > 1),
  );
});
