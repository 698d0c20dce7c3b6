// Runs every console example of docs/sigma.md beside the rule that the page shows, and holds its tables against the code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { importSigma } from '../../events/sigma/index.ts';
import { examplesOf, fencesOf, pageText, testExamples, Workplace } from './consolepage.ts';

const PAGE = pageText('sigma.md');
const place = new Workplace();
place.write('rules/my-key-rule.yml', fencesOf(PAGE, 'yaml')[0]!);
testExamples(PAGE, place);

test('there are examples of both ways', () =>
  assert.deepEqual(
    ['import', 'export'].map((way) => examplesOf(PAGE).some(({ command }) => command.startsWith(`trailbus rules ${way} sigma`))),
    [true, true],
  ));

/** Rows of the page’s first table whose first cell is a field and a value, and whose second is a list of matchers. */
const rows = [...PAGE.matchAll(/^\| `(\w+: [^`]*)`(?:, `(\w+: [^`]*)`)? \| `(\[[^`]*\])`/gm)].flatMap(([, one, other, matchers]) =>
  [one, other].flatMap((search) => (search === undefined ? [] : [[search, matchers!] as const])),
);
test('there are rows to try', () => assert.ok(rows.length >= 6, `${rows.length}`));
for (const [search, matchers] of rows)
  test(`the page: ${search} becomes ${matchers}`, () => {
    const field = search.split(':')[0]!;
    const text = `title: x\nlogsource: { product: aws, service: cloudtrail }\ndetection: { s: { ${search} }, condition: s }\n`;
    const { pattern } = parse(importSigma([{ source: 'x.yml', text }]).rules[0]!.detections[0]!.text) as { pattern: { detail: object } };
    assert.deepEqual((pattern.detail as Record<string, unknown>)[field], parse(matchers));
  });
