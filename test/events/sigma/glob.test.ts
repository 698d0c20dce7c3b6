import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { globOf, matchesGlob } from '../../../events/sigma/glob.ts';
import { globsOfRegex } from '../../../events/sigma/regex.ts';

const escapes: [string, unknown[]][] = [
  ['a\\b', ['a\\b']],
  ['a\\\\b', ['a\\b']],
  ['a\\*', ['a*']],
  ['a\\\\*', ['a\\', { wild: '*' }]],
  ['a\\\\\\*', ['a\\*']],
  ['\\\\\\', ['\\\\']],
  ['\\\\\\\\', ['\\\\']],
  ['a?**b', ['a', { wild: '?' }, { wild: '*' }, 'b']],
];
for (const [text, glob] of escapes) test(`a backslash: ${text}`, () => assert.deepEqual(globOf(text), glob));

test('a glob matches as a regular expression would', () =>
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'B', '*', '?') }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'B') }),
      fc.boolean(),
      (glob, text, cased) => {
        const shape = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`, cased ? '' : 'i');
        assert.equal(matchesGlob(globOf(glob), text, cased), shape.test(text));
      },
    ),
  ));

test('many stars take no longer', () =>
  assert.equal(matchesGlob(globOf('a*'.repeat(200)), `${'a'.repeat(20_000)}b`.repeat(2), true), true));

const regexes = ['^a', 'b$', '^(a|b)+c', 'a.c', '^a.*b$', '(ab|c)a?', '[ab]c', '^a{2}$', '.+c', 'a|^b$', '\\.a', '^(?:a|b)c'];
for (const regex of regexes)
  test(`a regular expression finds what its globs match, or is refused: ${regex}`, () => {
    let globs: ReturnType<typeof globsOfRegex>['globs'];
    try {
      globs = globsOfRegex(regex).globs;
    } catch (error) {
      assert.match((error as Error).message, /^repeats with/);
      return;
    }
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.'), maxLength: 6 }), (text) =>
        assert.equal(
          globs.some((glob) => matchesGlob(glob, text, true)),
          new RegExp(regex).test(text),
        ),
      ),
    );
  });
