// trailbus.yml with the detections it turns on: every slip in one answer, with its place and the nearest right one.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DetectionsInForce, evaluatorOf } from '../../events/detect/index.ts';
import { FileError } from '../../events/errors.ts';
import { loadConfig, readConfig } from '../../local/configfile.ts';
import { chosenDetections, inForce } from '../../local/inforce.ts';
import { folderOf } from '../fakes/folders.ts';

const ONE = 'id: my.one\npattern: { detail: { eventName: [CreateUser] } }\nwindow: { threshold: 3, within: 5m, by: account }\n';
const SEQUENCE =
  'id: my.chain\nwindow:\n  sequence: [{ pattern: { detail: { eventName: [A] } } }, { pattern: { detail: { eventName: [B] } } }]\n  within: 5m\n  by: account\n';
const LIFTED =
  'id: my.lifted\npattern: { detail: { eventName: [A] } }\nwindow: { threshold: 3, within: 5m, by: account }\nraise:\n  - { to: high, window: { threshold: 9, within: 30m } }\n';
const FILES = { 'mine/one.yaml': ONE, 'mine/chain.yaml': SEQUENCE, 'mine/lifted.yaml': LIFTED };
const HEAD = 'detections:\n  pack: false\n  files: [mine]\n';

/** What is wrong, without the folder: `trailbus.yml:4:8 detections.on[0] …; help`. */
function faultsOf(text: string, files: Record<string, string> = FILES): string[] {
  const folder = folderOf({ ...files, 'trailbus.yml': text });
  try {
    chosenDetections(readConfig(join(folder, 'trailbus.yml')), [], false);
    return [];
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.faults.map(({ source, line, column, path, message, help = '' }) =>
      `${source}:${line}:${column} ${path} ${message}; ${help}`.replaceAll(`${folder}/`, ''),
    );
  }
}

const override = (window: string, id = 'my.one') => `${HEAD}  override:\n    ${id}: { window: { ${window} } }\n`;
const exclusion = (rest: string) => `${HEAD}exclusions:\n  - { reason: r, owner: o, ${rest} }\n`;

const cases: [what: string, text: string, faults: string[]][] = [
  ['nothing that is wrong', `${HEAD}  on: [my.one, my.*]\n  override: { my.one: { severity: low } }\n`, []],
  [
    'an unknown id, wherever it stands',
    `${HEAD}  on: [my.onee]\n  off: [mz.*]\n  override:\n    my.chian: { severity: low }\nexclusions:\n  - { rules: [nope.x], pattern: { detail: { a: [b] } }, reason: r, owner: o }\n`,
    [
      'trailbus.yml:4:8 detections.on[0] names no detection: `my.onee`; did you mean `my.one`?',
      'trailbus.yml:5:9 detections.off[0] names no detections: `mz.*`; did you mean `my.*`?',
      'trailbus.yml:7:5 detections.override.my.chian names no detection: `my.chian`; did you mean `my.chain`?',
      'trailbus.yml:9:15 exclusions[0].rules[0] names no detection: `nope.x`; see `trailbus rules list`',
    ],
  ],
  [
    'what is changed of several at once',
    `${HEAD}  override: { my.*: { severity: low } }\n`,
    ['trailbus.yml:4:15 detections.override.my.* names no detection: `my.*`; write each detection’s own id'],
  ],
  [
    'an id on and off',
    `${HEAD}  on: [my.one]\n  off: [my.chain, my.o*]\n`,
    ['trailbus.yml:4:8 detections.on[0] is turned off, too, by `my.o*`; take it out'],
  ],
  ['one of several off', `${HEAD}  on: [my.*]\n  off: [my.one]\n`, []],
  [
    'an exclusion that EventBridge refuses',
    exclusion('pattern: { detail: { eventName: A } }'),
    [
      'trailbus.yml:5:60 exclusions[0].pattern.detail.eventName Event pattern is not valid. Reason: "eventName" must be an object or an array',
    ],
  ],
  [
    'an exclusion with a list that there is none of',
    exclusion('pattern: [{ detail: { a: [b] } }, { detail: { awsRegion: [$rgions] } }]'),
    ['trailbus.yml:5:86 exclusions[0].pattern[1] names no list: `$rgions`; did you mean `$regions`?'],
  ],
  [
    'an exclusion that EventBridge refuses with the values of its list',
    `lists: { blocks: [10.0.0.0/8, 10.0.0.1] }\n${exclusion('pattern: { detail: { sourceIPAddress: [{ cidr: $blocks }] } }')}`,
    ['trailbus.yml:6:37 exclusions[0].pattern Event pattern is not valid. Reason: Malformed CIDR'],
  ],
  [
    'an exclusion whose list has no values',
    `lists: { blocks: [] }\n${exclusion('pattern: { detail: { sourceIPAddress: [{ cidr: $blocks }], awsRegion: [$regions] } }')}`,
    [],
  ],
  [
    'a day that there is not',
    exclusion('until: 2026-02-30, pattern: { detail: { a: [b] } }'),
    ['trailbus.yml:5:35 exclusions[0].until is no day that the calendar has'],
  ],
  ['a storm without end', `${HEAD}storm: 5000\n`, ['trailbus.yml:4:8 storm must be at most 1000']],
  [
    'a window that counts by a word that is none',
    override('threshold: 3, within: 5m, by: acount'),
    ['trailbus.yml:5:55 detections.override.my.one.window.by names no field: `acount`; did you mean `account`?'],
  ],
  [
    'a window that counts values of no field',
    override('distinct: nofield, atLeast: 3, within: 5m, by: account'),
    ['trailbus.yml:5:35 detections.override.my.one.window.distinct names no field: `nofield`'],
  ],
  [
    'a window longer than its period',
    override('threshold: 3, within: 2h, by: account, dedup: 1h'),
    ['trailbus.yml:5:47 detections.override.my.one.window.within must be shorter than'],
  ],
  [
    'a window of more events than are remembered',
    override('threshold: 90000, within: 5m, by: account'),
    ['trailbus.yml:5:23 detections.override.my.one.window may need more than the 10000 events'],
  ],
  [
    'a window that the detection’s own raise doesn’t go with',
    override('threshold: 3, within: 5m, by: account, dedup: 20m', 'my.lifted'),
    [
      'trailbus.yml:5:26 detections.override.my.lifted.window does not go with the detection’s `raise[0].window.within`: that must be shorter',
    ],
  ],
  ['a window that counts by something else than the file’s', override('threshold: 3, within: 5m, by: principal', 'my.lifted'), []],
  [
    'a threshold in place of a sequence',
    override('threshold: 3, within: 5m, by: account', 'my.chain'),
    ['trailbus.yml:5:25 detections.override.my.chain.window must be a sequence'],
  ],
  [
    'a sequence in place of a threshold',
    override('sequence: [{ pattern: { a: [b] } }, { pattern: { a: [c] } }], within: 5m, by: account'),
    ['trailbus.yml:5:23 detections.override.my.one.window can’t be a sequence'],
  ],
  [
    'a sequence with a pattern that EventBridge refuses',
    override('sequence: [{ pattern: { a: [b] } }, { pattern: { a: c } }], within: 5m, by: account', 'my.chain'),
    ['trailbus.yml:5:79 detections.override.my.chain.window.sequence[1].pattern.a Event pattern is not valid.'],
  ],
  [
    'files that are not there, each at its own line',
    'lists:\n  regions: { file: nothere.txt }\nrules:\n  - norules\ndetections:\n  files:\n    - mine\n    - missing\n    - empty\n',
    [
      'trailbus.yml:2:20 lists.regions.file can’t be read: ENOENT',
      'trailbus.yml:4:5 rules[0] names no file or folder: `norules`; paths begin at the folder of this file',
      'trailbus.yml:8:7 detections.files[1] names no file or folder: `missing`',
      'trailbus.yml:9:7 detections.files[2] has no detection files in it: `empty`',
    ],
  ],
  [
    'a list of one’s own that was meant for another',
    `lists: { acounts: ["111122223333"], mine: [a] }\n${HEAD}`,
    ['trailbus.yml:1:10 lists.acounts is a list that nothing names: `$acounts`; did you mean `accounts`?'],
  ],
  [
    'a list that is nearly another’s name and is named',
    `lists: { region: [us-east-1] }\n${exclusion('pattern: { detail: { awsRegion: [$region] } }')}`,
    [],
  ],
];
for (const [what, text, faults] of cases)
  test(`trailbus.yml with ${what}`, () => {
    const found = faultsOf(text, { ...FILES, 'empty/note.txt': '' });
    assert.deepEqual(
      found.map((fault, at) => (fault.startsWith(faults[at] ?? '?') ? faults[at] : fault)),
      faults,
    );
  });

test('faults of every kind come in one answer, those of trailbus.yml first and by line, then those of each detection file', () => {
  const text =
    'lern: 7d\nlists: { regions: { file: none.txt } }\ndetections: { pack: false, files: [mine, gone], on: [my.onee], off: x }\nstorm: 0\nemit: some\n';
  const files = { ...FILES, 'mine/bad.yaml': 'id: my.bad\nseverity: hihg\npattern: { detail: { a: b } }\n' };
  assert.deepEqual(
    faultsOf(text, files).map((fault) => fault.split(' ', 2).join(' ')),
    [
      ...['trailbus.yml:1:1 lern', 'trailbus.yml:2:27 lists.regions.file', 'trailbus.yml:3:42 detections.files[1]'],
      ...['trailbus.yml:3:54 detections.on[0]', 'trailbus.yml:3:69 detections.off', 'trailbus.yml:4:8 storm', 'trailbus.yml:5:7 emit'],
      ...['mine/bad.yaml:2:11 severity', 'mine/bad.yaml:3:25 pattern.detail.a'],
    ],
  );
});

test('the id of a detection whose file has a fault is no unknown one', () => {
  const files = { 'mine/bad.yaml': 'id: my.bad\nseverity: hihg\npattern: { detail: { a: [b] } }\n' };
  assert.deepEqual(
    faultsOf(`${HEAD}  on: [my.bad]\n`, files).map((fault) => fault.split(' ')[0]),
    ['mine/bad.yaml:2:11'],
  );
});

test('an account in a file of a list is an account id, at its own line', () => {
  const faults = faultsOf('lists: { accounts: { file: accounts.txt } }\ndetections: { pack: false }\n', {
    'accounts.txt': '# ours\n111122223333\n\n1234 # short\n',
  });
  assert.deepEqual(faults, ['accounts.txt:4:1  must be an account id of 12 digits: `1234`; ']);
});

test('what can be seen without detections is refused by who reads none', () => {
  const config = join(folderOf({ 'trailbus.yml': exclusion('pattern: { detail: { a: b } }') }), 'trailbus.yml');
  assert.throws(
    () => loadConfig(config),
    (error) => error instanceof FileError && error.faults.length === 2,
  );
});

test('a sequence in place of a detection’s own has its own patterns', () => {
  const steps = 'sequence: [{ pattern: { detail: { eventName: [X] } } }, { pattern: { detail: { eventName: [$later] } }, atLeast: 2 }]';
  const folder = folderOf({
    ...FILES,
    'trailbus.yml': `lists: { later: [Y] }\n${override(`${steps}, within: 5m, by: account`, 'my.chain')}`,
  });
  const config = readConfig(join(folder, 'trailbus.yml'));
  const { on } = chosenDetections(config, [], false);
  assert.deepEqual(
    on.find(({ id }) => id === 'my.chain')!.steps.map(({ patterns, atLeast }) => [patterns.map(({ text }) => text), atLeast]),
    [
      [['{"detail":{"eventName":["X"]}}'], 1],
      [['{"detail":{"eventName":["$later"]}}'], 2],
    ],
  );
  const shipped = JSON.parse(JSON.stringify(inForce(on, config))) as DetectionsInForce;
  assert.equal(evaluatorOf(shipped, { accounts: [], today: '2026-11-28' }).count, 3);
});

test('a window that counts by something else takes the detection’s raises with it', () => {
  const folder = folderOf({ ...FILES, 'trailbus.yml': override('threshold: 3, within: 5m, by: principal', 'my.lifted') });
  const { on } = chosenDetections(readConfig(join(folder, 'trailbus.yml')), [], false);
  assert.equal(on.find(({ id }) => id === 'my.lifted')!.raise[0]!.window!.by, 'principal');
});
