// `rules test`: detections' own tests, what is said of one that fails, as JUnit, and again whenever a file changes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { FileWatch } from '../../../local/filewatch.ts';
import { startTrailbus, trailbus } from '../../command.ts';
import { folderOf } from '../../fakes/folders.ts';

const CALL = 'eventSource: iam.amazonaws.com, eventName: CreateUser, userIdentity: { type: IAMUser, userName: martin }';
const detection = (rest: string, pattern = '{ detail: { eventSource: [iam.amazonaws.com], eventName: [CreateUser] } }') =>
  `id: mine.one\ntitle: "{who} made a user"\npattern: ${pattern}\n${rest}\n`;
const matches = (event: string) => `tests: { matches: [${event}] }`;

/** A detection whose one test fails, and what is said of it. */
const FAILING: [what: string, text: string, why: RegExp][] = [
  [
    'a value that differs',
    detection(matches(`{ ${CALL.replace('CreateUser', 'DeleteUser')} }`)),
    /nothing is found: `detail\.eventName` is "DeleteUser", wanted "CreateUser"/,
  ],
  [
    'the nearest of several patterns',
    detection(
      matches(`{ ${CALL.replace('CreateUser', 'CreateRole')} }`),
      '[{ detail: { eventSource: [ec2.amazonaws.com], eventName: [RunInstances] } }, { detail: { eventSource: [iam.amazonaws.com], eventName: [CreateUser] } }]',
    ),
    /nothing is found: pattern\[1\]: `detail\.eventName` is "CreateRole", wanted "CreateUser"/,
  ],
  [
    'a call that failed',
    detection(`success: true\n${matches(`{ ${CALL}, errorCode: AccessDenied }`)}`),
    /`success: true` does not hold: the call failed, "AccessDenied"/,
  ],
  [
    'a condition that does not hold',
    detection(
      `where: { differ: [requestParameters.userName, userIdentity.userName] }\n${matches(`{ ${CALL}, requestParameters: { userName: martin } }`)}`,
    ),
    /`where` does not hold: differ of requestParameters\.userName \("martin"\) and userIdentity\.userName \("martin"\)/,
  ],
  [
    'an exclusion',
    detection(
      `exclusions: [{ pattern: { detail: { userIdentity: { type: [IAMUser] } } }, reason: users may, owner: ops }]\n${matches(`{ ${CALL} }`)}`,
    ),
    /excluded by exclusions\[0\]: users may \(ops\)/,
  ],
  [
    'a window that is not full',
    detection(
      `window: { threshold: 3, within: 5m, by: account }\n${matches(`[{ ${CALL}, recipientAccountId: "111122223333", eventID: a }, { ${CALL}, recipientAccountId: "111122223333", eventID: b }]`)}`,
    ),
    /2 of 2 events match, which is no window/,
  ],
  [
    'what can’t be counted',
    detection(`window: { threshold: 1, within: 5m, by: requestParameters.userName }\n${matches(`{ ${CALL} }`)}`),
    /is not counted: there is no `requestParameters\.userName` to count by/,
  ],
  ['what should be ignored', detection(`tests: { ignores: [{ ${CALL} }] }`), /found, as medium: martin made a user/],
  [
    'a list without values',
    detection(matches(`{ ${CALL} }`), '{ detail: { awsRegion: [$regions] } }'),
    /it is off: `\$regions` has no values; give them under tests\.lists/,
  ],
  ['a file that is not there', detection(matches('nowhere.json')), /nowhere\.json/],
];
for (const [what, text, why] of FAILING)
  test(`a failing test says what was wrong: ${what}`, async () => {
    const { code, stdout } = await trailbus(['rules', 'test', join(folderOf({ 'mine.yaml': text }), 'mine.yaml')]);
    assert.equal(code, 1);
    assert.match(stdout, /^✗ mine\.one 0 of 1\n/);
    assert.match(stdout, why);
    assert.match(stdout, /\n0 passed, 1 failed\n$/);
  });

test('what callers write is shown safely in what is said of a test', async () => {
  const text = detection(matches(`{ ${CALL.replace('CreateUser', '"a\\u001b[31m\\u202e"')} }`));
  const { stdout } = await trailbus(['rules', 'test', join(folderOf({ 'mine.yaml': text }), 'mine.yaml')]);
  assert.ok(!/[\u001b\u202e]/.test(stdout));
});

test('results are written as JUnit, a suite for each detection and a failure with its reason', async () => {
  const folder = folderOf({ 'mine.yaml': detection(`tests: { matches: [{ ${CALL} }], ignores: [{ ${CALL}, requestParameters: "<&" }] }`) });
  const junit = join(folder, 'results.xml');
  const { code } = await trailbus(['rules', 'test', join(folder, 'mine.yaml'), '--junit', junit]);
  const xml = readFileSync(junit, 'utf8');
  assert.equal(code, 1);
  assert.match(xml, /<testsuite name="mine\.one" tests="2" failures="1">/);
  assert.match(xml, /<testcase classname="mine\.one" name="matches\[0\]"><\/testcase>/);
  assert.match(xml, /<testcase classname="mine\.one" name="ignores\[0\]"><failure message="found, as medium: martin made a user"\/>/);
});

test('--json gives one object a test', async () => {
  const folder = folderOf({ 'mine.yaml': detection(matches(`{ ${CALL} }`)) });
  const { stdout } = await trailbus(['rules', 'test', join(folder, 'mine.yaml'), '--json']);
  assert.deepEqual(JSON.parse(stdout), { type: 'test', detection: 'mine.one', name: 'matches[0]', passed: true, severity: 'medium' });
});

test('--watch runs again when a file changes, says which, and goes on after a bad one', { timeout: 60_000 }, async (context) => {
  const folder = folderOf({ 'mine.yaml': detection(matches('event.json')), 'event.json': '{"eventName":"DeleteUser"}' });
  const child = startTrailbus(['rules', 'test', folder, '--watch']);
  context.after(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += String(piece)));
  const until = async (words: RegExp) => {
    while (!words.test(said)) await setTimeout(20, undefined, { signal: context.signal });
    said = '';
  };
  await until(/0 passed, 1 failed\n[\s\S]*watching .*; end with Ctrl-C/);
  writeFileSync(join(folder, 'event.json'), '{"eventSource":"iam.amazonaws.com","eventName":"CreateUser"}');
  await until(/changed: [^\n]*event\.json[\s\S]*1 passed, 0 failed\n[\s\S]*watching/);
  writeFileSync(join(folder, 'mine.yaml'), 'pattern: {');
  await until(/changed: [^\n]*mine\.yaml[\s\S]*is not YAML[\s\S]*watching/);
  writeFileSync(join(folder, 'mine.yaml'), detection(matches('event.json')));
  await until(/1 passed, 0 failed\n[\s\S]*watching/);
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.equal(code, 0);
});

const soon = () => AbortSignal.timeout(30_000);

test('a watch tells of files that are written, replaced and new, and of no others', async () => {
  const folder = folderOf({ 'a.yaml': 'a', 'b.json': 'b', 'sub/c.yaml': 'c' });
  const files = new FileWatch();
  files.follow([join(folder, 'a.yaml'), join(folder, 'b.json')], [folder, join(folder, 'sub')]);
  try {
    writeFileSync(join(folder, 'other.txt'), 'x');
    writeFileSync(join(folder, 'a.yaml'), 'a2');
    assert.deepEqual(await files.next(soon()), [join(folder, 'a.yaml')]);
    writeFileSync(join(folder, 'b.json.tmp'), 'b2');
    renameSync(join(folder, 'b.json.tmp'), join(folder, 'b.json'));
    assert.deepEqual(await files.next(soon()), [join(folder, 'b.json')]);
    writeFileSync(join(folder, 'sub/new.yaml'), 'n');
    writeFileSync(join(folder, 'sub/c.yaml'), 'c2');
    assert.deepEqual(await files.next(soon()), [join(folder, 'sub/c.yaml'), join(folder, 'sub/new.yaml')]);
    mkdirSync(join(folder, 'later'));
    const interrupt = new AbortController();
    const next = files.next(interrupt.signal);
    interrupt.abort();
    assert.deepEqual(await next, []);
  } finally {
    files.end();
  }
});
