// Which files of a folder are detections, and what is wrong among several of them.
import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { FileError } from '../../events/errors.ts';
import { detectionsIn } from '../../local/detectionfiles.ts';
import { folderOf } from '../fakes/folders.ts';

const detection = (id: string) => `id: ${id}\npattern: { detail: { eventName: [CreateUser] } }\n`;
const faultsOf = (folder: string): string[] => {
  try {
    return detectionsIn([folder]).map(({ id }) => id);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.faults.map(
      ({ source, line, path, message }) => `${basename(source)}:${line} ${path} ${message.replaceAll(`${folder}/`, '')}`,
    );
  }
};

test('a folder’s detections are its YAML files, however their endings are written, and the JSON files with a pattern', () => {
  const folder = folderOf({
    'a.yaml': detection('a'),
    'b.YAML': detection('b'),
    'c.yml': detection('c'),
    'd.json': '{"id":"d","pattern":{"detail":{"eventName":["CreateUser"]}}}',
    'event.json': '{"eventName":"CreateUser","requestParameters":{"pattern":"x"}}',
    'fixtures/e.json': '{"pattern":5}',
  });
  assert.deepEqual(faultsOf(folder), ['a', 'b', 'c', 'd']);
});

test('a JSON file that seems to be a detection and can’t be read is named', () => {
  const folder = folderOf({ 'a.yaml': detection('a'), 'd.json': '{"id":"d","pattern":{"detail":{"eventName":["CreateUser"]}}' });
  assert.match(faultsOf(folder)[0]!, /^d\.json:1 /);
});

test('a JSON file that says something of a detection is one, and its slips are told', () => {
  const folder = folderOf({ 'a.yaml': detection('a'), 'd.json': '{"id":"d","patern":{"detail":{"eventName":["CreateUser"]}}}' });
  assert.match(faultsOf(folder).join('\n'), /d\.json:1 patern is not known/);
});

test('a file that is no text in UTF-8 is refused', () => {
  const folder = folderOf({ 'a.yaml': Buffer.from([...Buffer.from(detection('a')), 0x23, 0xe9]) });
  assert.match(faultsOf(folder).join('\n'), /^a\.yaml:1 {2}can’t be read: .* is not text in UTF-8$/);
});

test('an id that two files have is refused, and the first is named', () => {
  const folder = folderOf({ 'a.yaml': detection('same'), 'b.yaml': detection('same') });
  assert.deepEqual(faultsOf(folder), ['b.yaml:1 id is `same` a second time: a.yaml:1 has it']);
});

test('a file that is named twice is read once', () => {
  const folder = folderOf({ 'a.yaml': detection('a') });
  assert.equal(detectionsIn([folder, join(folder, 'a.yaml')]).length, 1);
});
