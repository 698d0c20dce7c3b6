// `rules lint` refuses whatever `rules test` and `run` refuse, in files that say no more than a rule of a bus does, too.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { trailbus } from '../../command.ts';
import { folderOf } from '../../fakes/folders.ts';

const PATTERN = 'pattern: { detail: { eventSource: [iam.amazonaws.com], eventName: [CreateUser] } }\n';
const refused: [what: string, text: string, place: string, message: RegExp][] = [
  ['a severity that is none', `severity: hihg\n${PATTERN}`, '1:11', /severity: must be one of .*\n {2}next: did you mean `high`\?/],
  ['a title that is a list', `title: [T]\n${PATTERN}`, '1:8', /title: must be text, got a list/],
  ['an id that is a number', `id: 5\n${PATTERN}`, '1:5', /id: must be text/],
  ['a key twice', `title: T\n${PATTERN}title: U\n`, '3:1', /Map keys must be unique/],
  ['a target that is a number', `${PATTERN}targets: [5]\n`, '2:11', /targets\[0\]: must be text, got a number/],
  ['a list that there is none of', 'pattern: { detail: { awsRegion: [$rgions] } }\n', '1:34', /names no list: `\$rgions`/],
];
for (const [what, text, place, message] of refused)
  test(`rules lint refuses ${what} in a rule of a bus, as rules test does`, async () => {
    const file = join(folderOf({ 'a.b.yaml': text }), 'a.b.yaml');
    const linted = await trailbus(['rules', 'lint', file]);
    assert.equal(linted.code, 1, linted.stderr);
    assert.ok(linted.stdout.includes(`${file}:${place} error `), linted.stdout);
    assert.match(linted.stdout, message);
    const tested = await trailbus(['rules', 'test', file]);
    assert.equal(tested.code, 2);
    assert.ok(tested.stderr.includes(`${file}:${place} `), tested.stderr);
  });

test('rules lint says once what both readers refuse, and everything else beside it', async () => {
  const text = 'severity: loud\npattern: { detail: { eventName: [CreateUser, { prefx: a }] } }\n';
  const { stdout } = await trailbus(['rules', 'lint', join(folderOf({ 'a.yaml': text }), 'a.yaml'), '--json']);
  const errors = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; line: number; severity: string })
    .filter(({ severity }) => severity === 'error');
  assert.deepEqual(
    errors.map(({ id, line }) => [id, line]),
    [
      ['invalid-pattern', 2],
      ['invalid-detection', 1],
    ],
  );
});

test('rules lint takes what only one of both forms may say', async () => {
  const folder = folderOf({
    'text.yaml': `pattern: '{"detail":{"eventSource":["iam.amazonaws.com"],"eventName":["CreateUser"]}}'\n`,
    'several.yaml': 'id: a\npattern: [{ detail: { eventName: [CreateUser] } }, { detail: { eventName: [DeleteUser] } }]\n',
  });
  const { stdout } = await trailbus(['rules', 'lint', folder]);
  assert.doesNotMatch(stdout, / error /);
  assert.match(stdout, /1 rule, 1 detection/);
});
