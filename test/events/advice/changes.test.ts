// What changed from one run to the next.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedPlace, changesBetween, type KeptLine, type KeptRun, type Status } from '../../../events/advice/index.ts';

const line = (resource: string, status: Status, more: Partial<KeptLine> = {}): KeptLine => ({
  ...{ checkId: 'c', name: 'C', resource, account: '1', region: 'us-east-1', status, isSuppressed: false, reason: '' },
  ...more,
});
const run = (...lines: KeptLine[]): KeptRun => ({ at: '', asked: ['c 1 us-east-1', 'c 1 eu-west-1'], lines });
const changed = (before: KeptRun, after: KeptRun): string[] =>
  changesBetween(before, after).map(({ line: { resource }, from = 'green', to = 'green' }) => `${resource} ${from} to ${to}`);

const cases: [string, KeptRun, KeptRun, string[]][] = [
  ['nothing', run(line('a', 'error')), run(line('a', 'error')), []],
  [
    'what is new, what is worse, what is better, the worst first',
    run(line('b', 'warning'), line('c', 'error')),
    run(line('a', 'warning'), line('b', 'error')),
    ['b warning to error', 'a green to warning', 'c error to green'],
  ],
  ['the worst line of a resource', run(line('a', 'warning')), run(line('a', 'warning'), line('a', 'error')), ['a warning to error']],
  ['what was excluded meanwhile', run(line('a', 'error')), run(line('a', 'error', { isSuppressed: true })), ['a error to green']],
  ['nothing of a place that could not be asked', run(line('a', 'error')), run(line('ec2:DescribeSecurityGroups', 'not_available')), []],
  [
    'other places of the same check',
    run(line('a', 'error')),
    run(line('x', 'not_available', { region: 'eu-west-1' })),
    ['a error to green'],
  ],
];
test('tells nothing of what one of the runs didn’t ask', () => {
  const elsewhere = run(line('a', 'error', { region: 'eu-west-1' }), line('b', 'error', { checkId: 'd' }));
  const alone: KeptRun = { ...run(), asked: ['c 1 us-east-1'] };
  assert.deepEqual(changed(elsewhere, alone), []);
  assert.deepEqual(changed(alone, elsewhere), []);
});

test('tells nothing where what is asked once for the account was refused', () => {
  const asked = ['c 1 global'];
  const { region: _, ...refused } = line('1', 'not_available');
  assert.deepEqual(changed({ ...run(line('a', 'error')), asked }, { ...run(refused), asked }), []);
});

test('what lies in a region and is asked once for the account is known', () => {
  const asked = [askedPlace({ id: 'c', scope: 'account' }, { account: '1', region: 'us-east-1' })];
  assert.deepEqual(changed({ ...run(line('a', 'error', { region: 'eu-west-1' })), asked }, { ...run(), asked }), ['a error to green']);
});

for (const [name, before, after, expected] of cases) test(`tells ${name}`, () => assert.deepEqual(changed(before, after), expected));
