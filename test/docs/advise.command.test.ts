// docs/advise.md: its examples are run, its configuration is read, and the pages of checks are those that the files make.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tsImport } from 'tsx/esm/api';
import { readConfigFile } from '../../events/configfile.ts';
import { fencesOf, pageText, testExamples, Workplace } from './consolepage.ts';

const PAGE = pageText('advise.md');
testExamples(PAGE, new Workplace());

test('the page’s configuration is sound', () => {
  const { faults, fields } = readConfigFile(fencesOf(PAGE, 'yaml')[0]!, 'trailbus.yml');
  assert.deepEqual(faults, []);
  assert.equal(fields.checks?.exclusions?.[0]?.until, '2027-03-31');
});

test('docs/checks/ is what the checks’ files make', async () => {
  const tool = join(import.meta.dirname, '../../tools/docs.ts');
  const { CHECK_DOCS, madeCheckDocs } = (await tsImport(tool, import.meta.url)) as typeof import('../../tools/docs.ts');
  const made = await madeCheckDocs();
  assert.deepEqual(readdirSync(CHECK_DOCS).sort(), [...made.keys()].sort());
  for (const [name, text] of made) assert.equal(readFileSync(join(CHECK_DOCS, name), 'utf8'), text, name);
});
