// `rules backtest`: what detections would have said of logs that are there.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { BoundedCounts } from '../../cli/backtest/boundedcounts.ts';
import { costsOf } from '../../cli/backtest/costs.ts';
import { trailbus } from '../command.ts';
import { folderOf } from '../fakes/folders.ts';
import { logFile } from '../fakes/records.ts';

interface RuleObject {
  type: string;
  rule: string;
  hits: number;
  excluded: number;
  findings: number;
  findingsBefore: number;
  days: Record<string, { hits: number; excluded: number; findings: number }>;
  principals: { name: string; count: number }[];
  samples: { eventID: string; file: string; record: number }[];
  excludedSamples: unknown[];
  excludedBy: { reason: string; owner: string; count: number }[];
  suggestion?: { removes: number; leaves: number; yaml: string; pattern: object };
}

const jsonLines = (stdout: string) =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function backtested(...args: string[]): Promise<{ rules: RuleObject[]; all: Record<string, unknown>; code: number | null }> {
  const { stdout, stderr, code } = await trailbus(['rules', 'backtest', ...args, '--json']);
  const objects = jsonLines(stdout);
  assert.ok(objects.length > 0, stderr);
  return { code, rules: objects.slice(0, -1) as unknown as RuleObject[], all: objects.at(-1)! };
}

const SAMPLES = ['samples/logs', '--config', 'samples/trailbus.yml'];

test('a backtest finds what a run finds, detection by detection', async () => {
  const { rules, code } = await backtested(...SAMPLES, '--all-rules');
  const run = jsonLines((await trailbus(['run', ...SAMPLES, '--all-rules', '--json'])).stdout);
  const counts: Record<string, number> = {};
  for (const { type, rule } of run as { type: string; rule: string }[]) if (type === 'finding') counts[rule] = (counts[rule] ?? 0) + 1;
  assert.equal(code, 1);
  assert.ok(Object.keys(counts).length > 60);
  assert.deepEqual(
    Object.fromEntries(
      rules
        .filter(({ findings }) => findings > 0)
        .map(({ rule, findings }) => [rule, findings])
        .sort(),
    ),
    Object.fromEntries(Object.entries(counts).sort()),
  );
});

test('findings without exclusions are those of the same detections that have none', async () => {
  const bare: Record<string, string> = { 'trailbus.yml': readFileSync('samples/trailbus.yml', 'utf8') };
  bare['trailbus.yml'] += 'detections: { pack: false, files: [pack] }\n';
  for (const name of readdirSync('detections').filter((each) => each.endsWith('.yaml'))) {
    const {
      exclusions: _,
      tests: __,
      ...rest
    } = parse(readFileSync(`detections/${name}`, 'utf8'), { merge: true }) as Record<string, unknown>;
    bare[`pack/${name}`] = JSON.stringify(rest);
  }
  const config = join(folderOf(bare), 'trailbus.yml');
  const { rules } = await backtested(...SAMPLES, '--all-rules');
  const without = (await backtested('samples/logs', '--config', config, '--all-rules')).rules;
  assert.ok(rules.some(({ excluded }) => excluded > 0));
  assert.deepEqual(
    rules
      .filter(({ findingsBefore }) => findingsBefore > 0)
      .map(({ rule, hits, excluded, findingsBefore }) => [rule, hits + excluded, findingsBefore])
      .sort(),
    without
      .filter(({ findings }) => findings > 0)
      .map(({ rule, hits, findings }) => [rule, hits, findings])
      .sort(),
  );
});

test('hits and findings are counted by day, with who and from where, and some events named with their file', async () => {
  const { rules, all } = await backtested(...SAMPLES, '--rule', 'iam.access-denied-burst', '--samples', '2');
  assert.equal(rules.length, 1);
  const [{ hits, findings, days, principals, samples }] = rules as [RuleObject];
  assert.deepEqual(days['2026-10-05'], { hits, excluded: rules[0]!.excluded, findings });
  assert.equal(principals[0]!.name, 'svc-monitoring');
  assert.equal(samples.length, 2);
  for (const { file } of samples) assert.ok(existsSync(file), file);
  assert.deepEqual([all['files'], all['records'], all['days'], all['asked'], all['hits']], [346, 6946, 1, 1, hits]);
});

const MANY = 'id: mine.many\ntitle: many\npattern: { detail: { eventName: [DescribeThings] } }\n';
const call = (at: number, fields: object) => ({
  eventSource: 'ec2.amazonaws.com',
  eventName: 'DescribeThings',
  eventTime: `2026-10-0${1 + (at % 3)}T00:00:${String(at).padStart(2, '0')}Z`,
  eventID: `00000000-0000-0000-0000-${String(at).padStart(12, '0')}`,
  sourceIPAddress: `192.0.2.${at}`,
  ...fields,
});
const byRole = (role: string) => ({
  userIdentity: {
    type: 'AssumedRole',
    arn: `arn:aws:sts::111122223333:assumed-role/${role}/s`,
    sessionContext: { sessionIssuer: { arn: `arn:aws:iam::111122223333:role/${role}` } },
  },
});
/** Twelve calls by one role, and four by another. */
const logsOf = (loud: object, other: object = byRole('alice')) =>
  logFile(...Array.from({ length: 16 }, (_, at) => call(at, at < 12 ? loud : other)));

test('the exclusion that is suggested takes away and leaves as many hits as it says', async () => {
  const folder = folderOf({ 'logs/a.json.gz': logsOf(byRole('scanner')), 'mine.yaml': MANY });
  const args = [join(folder, 'logs'), '--rule', join(folder, 'mine.yaml')];
  const [{ hits, suggestion, days }] = (await backtested(...args)).rules as [RuleObject];
  assert.deepEqual([hits, suggestion?.removes, suggestion?.leaves, Object.keys(days).length], [16, 12, 4, 3]);
  const config = join(
    folderOf({
      'trailbus.yml': `detections: { files: [${join(folder, 'mine.yaml')}] }\nexclusions:\n${suggestion!.yaml}\n`,
    }),
    'trailbus.yml',
  );
  assert.equal((await trailbus(['config', 'check', '--config', config])).code, 0);
  const [after] = (await backtested(...args, '--config', config)).rules as [RuleObject];
  assert.deepEqual([after.hits, after.excluded, after.findings, after.findingsBefore], [4, 12, 4, 16]);
  assert.deepEqual(after.excludedBy, [{ reason: 'made 12 of 16 hits in a backtest', owner: 'TBD', count: 12 }]);
  assert.equal(after.excludedSamples.length, 3);
});

test('an exclusion of everything says that nothing is left', async () => {
  const folder = folderOf({ 'logs/a.json.gz': logsOf(byRole('scanner'), byRole('scanner')), 'mine.yaml': MANY });
  const { stdout } = await trailbus(['rules', 'backtest', join(folder, 'logs'), '--rule', join(folder, 'mine.yaml')]);
  assert.match(stdout, /exclusion of the role \S+assumed-role\/scanner takes away all 16 hits and leaves none: look at them first/);
});

test('no exclusion is suggested of root, of few hits, or where many callers make them', async () => {
  const root = { userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root' } };
  const cases = [
    logsOf(root, root),
    logFile(...Array.from({ length: 9 }, (_, at) => call(at, byRole('scanner')))),
    logFile(...Array.from({ length: 16 }, (_, at) => call(at, byRole(`role-${at}`)))),
  ];
  for (const logs of cases) {
    const folder = folderOf({ 'logs/a.json.gz': logs, 'mine.yaml': MANY });
    const [rule] = (await backtested(join(folder, 'logs'), '--rule', join(folder, 'mine.yaml'))).rules;
    assert.equal(rule?.suggestion, undefined);
  }
});

test('what callers write is shown safely, and stays what it is in the exclusion', async () => {
  const hostile = 'a\u001b[31m"]}\n\u202eb';
  const folder = folderOf({ 'logs/a.json.gz': logsOf({ userIdentity: { invokedBy: hostile } }), 'mine.yaml': MANY });
  const args = [join(folder, 'logs'), '--rule', join(folder, 'mine.yaml')];
  const { stdout } = await trailbus(['rules', 'backtest', ...args]);
  assert.ok(!/[\u001b\u202e]/.test(stdout));
  const block = /^ {4}exclusions:\n((?: {4}.*\n)+)/m.exec(stdout)![1]!;
  const [exclusion] = parse(block) as { pattern: { detail: { userIdentity: { invokedBy: string[] } } } }[];
  assert.deepEqual(exclusion!.pattern.detail.userIdentity.invokedBy, [hostile]);
});

test('a detection that is off is backtested when it is named, and one that lacks a list is said', async () => {
  const { rules } = await backtested(...SAMPLES, '--rule', 'secrets.batch-*');
  assert.deepEqual(
    rules.map(({ rule }) => rule),
    ['secrets.batch-read'],
  );
  const { stdout } = await trailbus(['rules', 'backtest', 'samples/logs', '--rule', 'region.unused']);
  assert.match(stdout, /not asked: region\.unused, `\$regions` has no values/);
});

test('a backtest without findings ends with 0, and wrong use with 2', async () => {
  const folder = folderOf({ 'logs/a.json.gz': logsOf({}) });
  assert.equal((await trailbus(['rules', 'backtest', join(folder, 'logs')])).code, 0);
  const unknown = await trailbus(['rules', 'backtest', join(folder, 'logs'), '--rule', 'region.unusd']);
  assert.deepEqual([unknown.code, /did you mean `region\.unused`\?/.test(unknown.stderr)], [2, true]);
  assert.equal((await trailbus(['rules', 'backtest', join(folder, 'logs'), '--samples', 'many'])).code, 2);
  assert.equal((await trailbus(['rules', 'backtest', 'nowhere'])).code, 2);
});

test('names past the bound are counted together, and the frequent ones stay', () => {
  const counts = new BoundedCounts(10);
  for (let at = 0; at < 1000; at++) {
    counts.add('often');
    counts.add(`once ${at}`);
  }
  assert.deepEqual(counts.top(1), [{ name: 'often', count: 1000 }]);
  assert.ok(counts.top(100).length <= 10 && counts.others > 900);
});

test('costs are those of 30 days', () => {
  const month = { records: 1e6, messages: 1000, items: 1000, told: 100, days: 30 };
  const { bus, detections } = costsOf(month);
  assert.equal(bus.dollars, 1);
  assert.equal(costsOf({ ...month, days: 1 }).bus.dollars, 30);
  assert.ok(detections.every(({ assumption }) => assumption !== ''));
});

test('the reference names every member of the objects', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/rules.md'), 'utf8');
  const { rules, all } = await backtested(...SAMPLES, '--rule', 'behave.*');
  for (const name of [...Object.keys(rules[0]!), ...Object.keys(all)]) assert.ok(page.includes(`"${name}"`), name);
});
