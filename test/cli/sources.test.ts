// In which order the files of a folder come.
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { filesOf, SourceListing } from '../../cli/sources.ts';
import { folderOf } from '../fakes/folders.ts';

const fileOf = (region: string, time: string) =>
  `AWSLogs/111122223333/CloudTrail/${region}/2026/10/05/111122223333_CloudTrail_${region}_${time}_abcdefghijklmnop.json.gz`;

const NAMES = [fileOf('eu-west-1', '20261005T2300Z'), fileOf('us-east-1', '20261005T0105Z'), fileOf('us-east-1', '20261005T2355Z')];

async function timesIn(order?: { byTime: boolean }): Promise<string[]> {
  const folder = folderOf(Object.fromEntries([...NAMES, 'notes.txt'].map((name) => [name, ''])));
  const times: string[] = [];
  for await (const { ref, total } of filesOf(new SourceListing([folder]), order))
    times.push(`${total} ${/_(\d+T\d+Z)_/.exec(basename(ref.key))?.[1]}`);
  return times;
}

test('files come folder by folder', async () =>
  assert.deepEqual(await timesIn(), ['4 20261005T2300Z', '4 20261005T0105Z', '4 20261005T2355Z', '4 undefined']));

test('by time they come as they were delivered, and first what has no time in its name', async () =>
  assert.deepEqual(await timesIn({ byTime: true }), ['4 undefined', '4 20261005T0105Z', '4 20261005T2300Z', '4 20261005T2355Z']));
