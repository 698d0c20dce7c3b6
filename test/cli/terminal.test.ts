// Text from logs, made safe for a terminal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { xmlText } from '../../cli/junit.ts';
import { printable, quotedPrintable } from '../../cli/terminal.ts';

const cases: [string, string, string][] = [
  ['an escape sequence', '\u001b[2Jgone', '\\u{1b}[2Jgone'],
  ['a C1 control', 'a\u009bb', 'a\\u{9b}b'],
  ['a line break', 'one\ntwo', 'one\\u{a}two'],
  ['a bidi override', 'exe\u202egpj', 'exe\\u{202e}gpj'],
  ['a bidi isolate', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
  ['a zero-width space and joiner', 'ro\u200bot\u200d', 'ro\\u{200b}ot\\u{200d}'],
  ['a soft hyphen and an invisible operator', 'ro\u00adot\u2062', 'ro\\u{ad}ot\\u{2062}'],
  ['tags', 'x\u{e0041}', 'x\\u{e0041}'],
];
for (const [name, given, expected] of cases) test(`printable shows ${name} as text`, () => assert.equal(printable(given), expected));

test('printable leaves letters of any script alone', () => assert.equal(printable('Jürgen 東京 😀'), 'Jürgen 東京 😀'));

for (const [name, given] of cases)
  test(`quotedPrintable escapes ${name}, and it stays the same JSON`, () => {
    const json = JSON.stringify({ given });
    assert.match(quotedPrintable(json), /^[ -~]*$/);
    assert.deepEqual(JSON.parse(quotedPrintable(json)), { given });
  });

test('a JUnit text keeps its lines, and has nothing that XML 1.0 forbids', () =>
  assert.equal(xmlText('one\n\u001b[2J<\ud800>\ufffe'), 'one\n\\u{1b}[2J&lt;\ufffd&gt;\ufffd'));
