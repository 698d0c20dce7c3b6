// docs/detections/ is what the detections make of it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DETECTION_DOCS, madeDetectionDocs } from '../../tools/docs.ts';

test('docs/detections has a page for each detection as the code makes it; if not, run npm run docs', () => {
  const made = madeDetectionDocs();
  assert.deepEqual(readdirSync(DETECTION_DOCS).sort(), [...made.keys()].sort());
  for (const [name, text] of made) assert.equal(readFileSync(join(DETECTION_DOCS, name), 'utf8'), text, name);
});
