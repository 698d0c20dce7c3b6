import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDetections } from '../../../events/detect/index.ts';
import { windowsOf } from '../../../events/detect/window.ts';
import { FileError } from '../../../events/yamlfile.ts';

const fileOf = (yaml: string) => `id: test\npattern: { detail: { eventName: [GetThing] } }\n${yaml}`;

const raised = (main: string, raise: string) => `window: { ${main} }\nraise: [{ to: high, window: { ${raise} } }]`;
const sequenceOf = (atLeast: number) => `sequence: [{ pattern: { a: [1] }, atLeast: ${atLeast} }, { pattern: { a: [2] } }]`;

const refused: [what: string, yaml: string, path: string, message: RegExp][] = [
  ['a window as long as its period', 'window: { threshold: 3, within: 1h, by: account, dedup: 1h }', 'window.within', /shorter than .* 1h/],
  [
    'a window longer than any period that is not named',
    'window: { threshold: 3, within: 7d, by: account }',
    'window.within',
    /7d; write a longer `dedup`/,
  ],
  [
    'a raise’s window longer than the period',
    raised('threshold: 3, within: 5m, by: account, dedup: 1h', 'threshold: 9, within: 2h, by: account'),
    'raise[0].window.within',
    /shorter/,
  ],
  [
    'a raise that counts by something else',
    raised('threshold: 3, within: 5m, by: account', 'threshold: 9, within: 5m, by: principal'),
    'raise[0].window.by',
    /must be `account`/,
  ],
  [
    'a raise without `by` where the detection has no window to take it from',
    'raise: [{ to: high, window: { threshold: 9, within: 5m } }]',
    'raise[0].window.by',
    /is missing/,
  ],
  ['a window without `by`', 'window: { threshold: 9, within: 5m }', 'window.by', /is missing/],
  [
    'a raise with a period of its own',
    raised('threshold: 3, within: 5m, by: account', 'threshold: 9, within: 5m, by: account, dedup: 2h'),
    'raise[0].window.dedup',
    /must not be given/,
  ],
  [
    'a raise by a sequence',
    `raise: [{ to: high, window: { ${sequenceOf(1)}, within: 5m, by: account } }]`,
    'raise[0].window',
    /can’t be a sequence/,
  ],
  [
    'a threshold of more events than are remembered',
    'window: { threshold: 1000, within: 1h, by: account }',
    'window',
    /10000 events .* a `dedup` of at most 8h/,
  ],
  [
    'a threshold that no period makes countable',
    'window: { threshold: 9000, within: 1h, by: account }',
    'window',
    /write a smaller number/,
  ],
  [
    'more values than are remembered',
    'window: { distinct: requestParameters.a, atLeast: 200, within: 1m, by: account }',
    'window',
    /a `dedup` of at most/,
  ],
  ['longer sequences than are remembered', `window: { ${sequenceOf(50)}, within: 5m, by: account }`, 'window', /a `dedup` of at most/],
];
for (const [what, yaml, path, message] of refused)
  test(`refuses ${what}, with the place`, () => {
    assert.throws(
      () => readDetections(fileOf(yaml), 'rules/test.yaml'),
      (error) => {
        assert.ok(error instanceof FileError);
        assert.deepEqual(
          error.faults.map((fault) => [fault.path, fault.line > 2]),
          [[path, true]],
        );
        assert.match(error.faults[0]!.message, message);
        return true;
      },
    );
  });

test('a raise’s window counts by what the detection’s own counts by, where it says nothing', () => {
  for (const [by, raise] of [
    ['[account, principal]', 'threshold: 9, within: 5m'],
    ['account', 'distinct: awsRegion, atLeast: 2, within: 5m'],
  ]) {
    const [detection] = readDetections(fileOf(raised(`threshold: 3, within: 5m, by: ${by}`, raise!)), 'test.yaml');
    assert.deepEqual([detection!.raise[0]!.window!.by].flat(), [detection!.window!.by].flat());
    assert.deepEqual(
      windowsOf(detection!).groups.map(({ windows }) => windows.map(({ name }) => name)),
      [['main', 'raise.0']],
    );
  }
});

test('the longest period that a refusal names is taken', () => {
  const detection = (dedup: string) =>
    readDetections(fileOf(`window: { threshold: 1000, within: 1h, by: account, dedup: ${dedup} }`), 'test.yaml');
  assert.equal(detection('8h').length, 1);
  assert.throws(() => detection('9h'), FileError);
});

const periods: [window: string, seconds: number][] = [
  ['within: 59m', 3_600],
  ['within: 1h', 86_400],
  ['within: 23h', 86_400],
  ['within: 24h', 7 * 86_400],
  ['within: 5m, dedup: 20m', 1_200],
];
for (const [window, seconds] of periods)
  test(`a window with ${window} has one finding in ${seconds} seconds`, () => {
    const [detection] = readDetections(fileOf(`window: { threshold: 3, by: account, ${window} }`), 'test.yaml');
    assert.deepEqual(
      windowsOf(detection!).groups.map(({ period }) => period),
      [seconds],
    );
  });

test('the longest of a detection’s windows decides the period of all', () => {
  const [detection] = readDetections(
    fileOf(raised('threshold: 3, within: 5m, by: account', 'threshold: 9, within: 2h, by: [account]')),
    'test.yaml',
  );
  const [group] = windowsOf(detection!).groups;
  assert.deepEqual([group!.name, group!.period, group!.windows.map(({ to }) => to)], ['main', 86_400, [undefined, 'high']]);
});
