// Every recorded verdict of Event Ruler and of EventBridge itself, from text, from bytes and from parsed events.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compile, PatternError, parsePattern } from '../../../events/pattern/index.ts';

interface Case {
  id: string;
  pattern: string;
  event?: string;
  match?: boolean;
  error?: boolean;
  message?: string;
  awsMessage?: string;
  rawText?: boolean;
  malformedJson?: boolean;
}

const casesOf = (file: string): Case[] =>
  readFileSync(join(import.meta.dirname, 'conformance', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case);

function checkError({ pattern, malformedJson, message, awsMessage }: Case): void {
  const wanted = message ?? awsMessage ?? '';
  const fits = (error: unknown): boolean => error instanceof PatternError && (malformedJson === true || error.message.includes(wanted));
  assert.throws(() => compile([{ name: 'rule', pattern }]), fits);
  assert.throws(() => parsePattern(pattern), fits);
}

function checkMatch({ pattern, event, match, rawText }: Case): void {
  const wanted = match ? ['rule'] : [];
  const rules = compile([{ name: 'rule', pattern }]);
  if (event === undefined) return;
  assert.deepEqual(rules.matchText(event), wanted, 'from text');
  assert.deepEqual(rules.matchText(new TextEncoder().encode(event)), wanted, 'from bytes');
  if (rawText) return;
  assert.deepEqual(rules.match(JSON.parse(event) as object), wanted, 'parsed');
  assert.deepEqual(
    compile([{ name: 'rule', pattern: JSON.parse(pattern) as object }]).match(JSON.parse(event) as object),
    wanted,
    'both parsed',
  );
}

for (const file of ['patterns.jsonl', 'patterns-ruler-fixtures.jsonl', 'patterns-aws-validated.jsonl']) {
  const cases = casesOf(file);
  const check = (each: Case): void => (each.error ? checkError(each) : checkMatch(each));
  test(`agrees with all ${cases.length} verdicts of ${file}`, () => {
    assert.ok(cases.length > 70);
    for (const each of cases) {
      try {
        check(each);
      } catch (cause) {
        throw new Error(`case ${each.id}: ${each.pattern} on ${each.event}`, { cause });
      }
    }
  });

  test(`agrees with ${file} when all its patterns are compiled together`, () => {
    const sound = cases.filter((each) => !each.error);
    const rules = compile(sound.map(({ id, pattern }) => ({ name: id, pattern })));
    for (const { id, event, match } of sound) if (event !== undefined) assert.equal(rules.matchText(event).includes(id), match, id);
  });
}
