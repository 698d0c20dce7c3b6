// The pages of detections that `rules docs` writes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { coverageOf, navigatorLayer } from '../../cli/catalogue/coverage.ts';
import { detectionPage } from '../../cli/catalogue/detectionpage.ts';
import { indexPage } from '../../cli/catalogue/indexpage.ts';
import { codeBlock, codeOf, proseOf, wrappedText } from '../../cli/catalogue/markdown.ts';
import { conditionWordsOf, patternWords, windowWords } from '../../cli/catalogue/plainwords.ts';
import { writeRuleDocs } from '../../cli/catalogue/ruledocs.ts';
import { type Condition, readDetections, type WindowFields } from '../../events/detect/index.ts';
import { packSources } from '../../local/detectionfiles.ts';
import { folderOf } from '../fakes/folders.ts';

const PATTERNS: [pattern: object, words: string[]][] = [
  [{ detail: { eventName: ['CreateUser', 'CreateRole'] } }, ['`eventName` is `CreateUser` or `CreateRole`']],
  [{ source: [{ prefix: 'cloudtrail.' }] }, ['`source` begins with `cloudtrail.`']],
  [
    { detail: { userIdentity: { arn: [{ wildcard: '*:role/x' }, { suffix: 'y' }] } } },
    ['`userIdentity.arn` is like `*:role/x` or ends with `y`'],
  ],
  [{ detail: { errorCode: [null, { exists: false }] } }, ['`errorCode` is `null` or is not there']],
  [{ detail: { a: [{ 'anything-but': ['x', 'y'] }] } }, ['`a` is there and not `x` or `y`']],
  [{ detail: { a: [{ 'anything-but': { prefix: 'x' } }] } }, ['`a` is there and not one that begins with `x`']],
  [{ detail: { a: [{ numeric: ['>', 0, '<=', 5] }], b: [{ cidr: '10.0.0.0/8' }] } }, ['`a` is > 0 <= 5', '`b` is in `10.0.0.0/8`']],
  [{ detail: { a: [{ prefix: { 'equals-ignore-case': 'x' } }] } }, ['`a` begins with `x`, in upper or lower case']],
  [{ detail: { $or: [{ a: [1] }, { b: [true], c: ['d'] }] } }, ['one of these: `a` is `1`; or `b` is `true` and `c` is `d`']],
];
for (const [pattern, words] of PATTERNS)
  test(`in plain words: ${JSON.stringify(pattern)}`, () => assert.deepEqual(patternWords(pattern), words));

const CONDITIONS: [Condition, string][] = [
  [{ differ: ['a', 'b'] }, '`a` is there and is not `b`'],
  [{ notInCidr: { field: 'a', cidrs: ['$cidrs', '10.0.0.0/8'] } }, '`a` is an address outside of `$cidrs` or `10.0.0.0/8`'],
  [
    { any: [{ grantsAdmin: 'a' }, { isPublic: 'b' }] },
    'one of these: `a` is a policy that allows every action on every resource; or `b` lets everyone in',
  ],
  [{ none: [{ foreignAccount: 'a' }] }, 'none of these: `a` names an account that is not yours'],
];
for (const [condition, words] of CONDITIONS)
  test(`in plain words: ${JSON.stringify(condition)}`, () => assert.equal(conditionWordsOf(condition), words));

const WINDOWS: [WindowFields, RegExp][] = [
  [{ threshold: 3, within: '5m', by: 'principal' }, /^at least 3 such events within `5m` of the same `principal`$/],
  [
    { threshold: 1, within: '5m', by: ['account', 'address'], dedup: '1h' },
    /^all such events of the same `account` and `address`, told once in `1h`$/,
  ],
  [{ distinct: 'eventName', atLeast: 4, within: '5m', by: 'principal' }, /with at least 4 different values of `eventName`/],
  [
    { firstSeen: 'address', by: 'userIdentity.accessKeyId' },
    /whose `address` the same `userIdentity\.accessKeyId` didn’t have in the last `30d`/,
  ],
];
for (const [window, words] of WINDOWS) test(`in plain words: ${JSON.stringify(window)}`, () => assert.match(windowWords(window), words));

test('text stays text, whatever of Markdown or HTML stands in it', () => {
  assert.equal(
    proseOf('<b>*x*</b> [a](b) `co<de` | \u001b[1m\u202e'),
    '&lt;b&gt;\\*x\\*&lt;/b&gt; \\[a\\](b) `co<de` \\| \\\\u{1b}\\[1m\\\\u{202e}',
  );
  assert.equal(codeOf('a `` b'), '``` a `` b ```');
  assert.equal(codeBlock('yaml', '```\nx\n'), '````yaml\n```\nx\n````');
  assert.equal(wrappedText(`${'word '.repeat(24)}- no list`).split('\n')[1], '\\- no list');
});

const HOSTILE = `id: mine.hostile
title: "<script>alert(1)</script> | {who}\\n# no heading"
description: "<img src=x> [click](javascript:alert(1))"
tags: [attack.persistence, attack.t1136.003, "a|b"]
runbook: ["# no heading", "1. no list | no cell"]
references: ["javascript:alert(1)", "https://example.com/<script>"]
pattern: { detail: { eventName: ["\`\`\`|<b>"] } }
exclusions: [{ pattern: { detail: { a: ["x|y"] } }, reason: "<b>|", owner: "|" }]
tests: { matches: [{ eventSource: iam.amazonaws.com, eventName: "<i>|\\e[31m", userIdentity: { userName: "|<b>" } }], ignores: [{ eventName: x }] }
`;

test('the page of one detection says one', () => {
  const [detection] = readDetections('id: a.b\noff: noisy\npattern: { source: [x] }\n', 'a.yaml');
  assert.match(indexPage([detection!]), /\n1 detection, off by itself\. It has a page with what it looks for/);
});

test('what a detection says can’t leave its place on the page', () => {
  const [detection] = readDetections(HOSTILE, 'mine.yaml');
  for (const page of [detectionPage(detection!, () => []), indexPage([detection!])]) {
    const outsideCode = page.replace(/^(`{3,})[\s\S]*?^\1$/gm, '').replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    assert.doesNotMatch(outsideCode, /<(?!!--|https:\/\/)[a-z]/i);
    assert.doesNotMatch(page, /\u001b|(?<!\\)\]\(javascript|<javascript/);
    assert.doesNotMatch(page, /^# no heading/m);
    const widths = page
      .split('\n\n')
      .filter((part) => part.startsWith('| '))
      .map(
        (table) =>
          new Set(
            table
              .trimEnd()
              .split('\n')
              .map((row) => row.match(/(?<!\\)\|/g)!.length),
          ).size,
      );
    assert.ok(widths.length > 0 && widths.every((width) => width === 1), page);
  }
});

test('a page says what is asked, left out, shown and to be done', () => {
  const [detection] = readDetections(
    readFileSync(join(packSources(), 'iam.key-for-other-user.yaml'), 'utf8'),
    'iam.key-for-other-user.yaml',
  );
  const page = detectionPage(detection!, () => []);
  for (const part of [
    /^# `iam\.key-for-other-user`$/m,
    /^- `eventName` is `CreateAccessKey`$/m,
    /^- `requestParameters\.userName` is there and is not `userIdentity\.userName`$/m,
    /^## What it leaves out$/m,
    /^1\. Ask whoever made the key/m,
    /^\| ignores \| `iam:CreateAccessKey` by martin \(`AccessDenied`\) \| 1 \|$/m,
    /^- <https:\/\/docs\.aws\.amazon\.com\//m,
  ])
    assert.match(page, part);
});

const tagged = (id: string, ...tags: string[]) =>
  readDetections(`id: ${id}\ntags: ${JSON.stringify(tags)}\npattern: { detail: { a: [1] } }`, `${id}.yaml`)[0]!;
const COVERING = [
  tagged('a.a', 'attack.impact', 'attack.t1485'),
  tagged('a.b', 'attack.persistence', 'attack.impact', 'attack.t1485'),
  tagged('a.c', 'attack.discovery'),
];

test('what is covered is told by tactic in the order of the matrix, then by technique', () =>
  assert.deepEqual(
    coverageOf(COVERING).map(({ tactic, technique, detections }) => [tactic, technique, detections.map(({ id }) => id).join()]),
    [
      ['Persistence', 'T1485', 'a.b'],
      ['Discovery', undefined, 'a.c'],
      ['Impact', 'T1485', 'a.a,a.b'],
    ],
  ));

test('the layer has what format 4.5 wants, and a technique once', () => {
  const layer = navigatorLayer(COVERING, 'mine') as {
    name: string;
    domain: string;
    versions: object;
    techniques: { techniqueID: string; score: number; comment: string }[];
    gradient: { minValue: number; maxValue: number; colors: string[] };
  };
  assert.deepEqual([layer.name, layer.domain, layer.versions], ['mine', 'enterprise-attack', { navigator: '4.9.0', layer: '4.5' }]);
  assert.deepEqual(
    layer.techniques.map(({ techniqueID, score, comment }) => [techniqueID, score, comment]),
    [['T1485', 2, 'a.a, a.b']],
  );
  assert.ok(layer.gradient.maxValue > layer.gradient.minValue && layer.gradient.colors.length >= 2);
});

test('pages that were made are made again, and no other file is lost', () => {
  const folder = folderOf({ 'mine.yaml': HOSTILE, 'out/keep.txt': 'mine' });
  const [paths, options] = [[join(folder, 'mine.yaml')], { out: join(folder, 'out') }];
  writeRuleDocs(paths, options);
  writeRuleDocs(paths, options);
  assert.ok(existsSync(join(folder, 'out/mine.hostile.md')) && existsSync(join(folder, 'out/attack-navigator.json')));
  writeFileSync(join(folder, 'out/README.md'), '# mine');
  assert.throws(() => writeRuleDocs(paths, options), /is there already, and was not made by this command/);
  assert.equal(readFileSync(join(folder, 'out/README.md'), 'utf8'), '# mine');
});
