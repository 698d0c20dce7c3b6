// Rules that travel with the process function.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { unzipSync } from 'fflate';
import { PatternError } from '../../events/pattern/index.ts';
import { shipRules } from '../../serverless/rules.ts';
import { zip } from '../../serverless/zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'trailbus-rules-'));
after(() => rmSync(folder, { recursive: true }));
const rules = join(folder, 'rules.yml');
const RULE = 'id: odd\npattern: { detail: { eventName: [StopLogging] } }\n';

test('nothing can be shipped with a function that is not built', async () => {
  writeFileSync(rules, RULE);
  await assert.rejects(shipRules(folder, rules), { message: /^nothing is built in `/, help: 'run `npm run build:functions` first' });
});

test('the function is shipped with the text of each rule file, under the same name for the same rules', async () => {
  writeFileSync(join(folder, 'process.zip'), zip({ 'index.mjs': Buffer.from('export {};') }));
  writeFileSync(rules, RULE);
  const name = await shipRules(folder, rules);
  const files = unzipSync(readFileSync(join(folder, name)));
  assert.deepEqual(Object.keys(files), ['index.mjs', 'rules.json']);
  assert.deepEqual(JSON.parse(Buffer.from(files['rules.json']!).toString()), { [rules]: RULE });
  assert.equal(await shipRules(folder, rules), name);
  writeFileSync(rules, RULE.replace('Stop', 'Start'));
  assert.notEqual(await shipRules(folder, rules), name);
});

test('a rule that does not compile is shipped with nothing', async () => {
  writeFileSync(rules, 'id: odd\npattern: { detail: { eventName: [{ prefx: Delete }] } }\n');
  await assert.rejects(
    shipRules(folder, rules),
    (error: unknown) => error instanceof PatternError && /rules\.yml:2:\d+$/.test(error.source ?? ''),
  );
});
