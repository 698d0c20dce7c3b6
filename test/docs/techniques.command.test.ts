// The table of attack techniques is what the detections find, where the records of the techniques are at hand.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { techniqueRows, writtenRows } from '../../tools/techniques.ts';

const RECORDS = join(import.meta.dirname, '../../../shared/data/stratus');
const skip = !existsSync(RECORDS) && `the records of attack techniques are not at ${RECORDS}`;

test('the table of techniques says what is found', { skip }, () => assert.deepEqual(writtenRows(), techniqueRows(RECORDS)));

test('in every technique of the table something of its own is found', () =>
  assert.deepEqual(
    writtenRows().filter((row) => row.includes('| nothing of its own |')),
    [],
  ));
