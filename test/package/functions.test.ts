// The functions as they are deployed: built from the sources alone, whole, small.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildFunctions } from '../serverless/service.ts';

/** Lambda's limit is 50 MB; what a cold start has to load and parse is the reason for this one. */
const MAX_ZIP_BYTES = 600 * 1024;

describe('the built functions', () => {
  let folder: string;
  const zips = () => readdirSync(folder).filter((name) => name.endsWith('.zip'));
  before(async () => {
    folder = await buildFunctions();
  });
  after(() => rmSync(folder, { recursive: true }));

  test('are there', () =>
    assert.deepEqual(
      zips().sort(),
      ['alert', 'bucketnotifications', 'process', 'silence', 'validate'].map((name) => `${name}.zip`),
    ));

  test('are the same however often they are built: an unchanged function is not deployed again', async () => {
    const again = await buildFunctions();
    for (const name of zips()) assert.ok(readFileSync(join(folder, name)).equals(readFileSync(join(again, name))), name);
    rmSync(again, { recursive: true });
  });

  test('are small', () => {
    for (const name of zips()) assert.ok(readFileSync(join(folder, name)).length < MAX_ZIP_BYTES, name);
  });

  test('need nothing beside themselves, and export their handler, with tracing as without', () => {
    for (const name of zips()) {
      const module = join(folder, name.replace('.zip', ''), 'index.mjs');
      for (const TRACING of ['off', 'on']) {
        const script = 'import(process.argv[1]).then(({ main }) => console.log(typeof main))';
        const printed = execFileSync(process.execPath, ['-e', script, module], {
          cwd: folder,
          env: { PATH: process.env['PATH'], TRACING },
          encoding: 'utf8',
        });
        assert.equal(printed.trim(), 'function', `${name} with tracing ${TRACING}`);
      }
    }
  });
});
