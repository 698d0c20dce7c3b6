// What docs/validate-logs.md quotes is what the command and the findings say.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { awscliWords } from '../../events/digest/awscli/index.ts';
import { toFinding } from '../../events/digest/findings.ts';
import type { IntegrityFault } from '../../events/digest/index.ts';
import { plainWords } from '../../events/digest/plainwords.ts';
import { readRecordings } from '../cli/validatelogs/record.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/validate-logs.md'), 'utf8');
const section = (title: string) => PAGE.split(`\n${title}\n`)[1]!.split(/\n##+ /)[0]!;
const quotes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, quote]) => quote!.replace(/\s+/g, ' '));

/** A quote as a pattern: `…` and capital letters alone stand for anything, a blank for a tab. */
const asPattern = (quote: string) =>
  new RegExp(
    quote
      .split(/…|\b[A-Z]\b|\bCODE\b|\bOPERATION\b/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s'))
      .join('.*'),
  );

test('every line that the guide says the command prints, awscli was heard to print', () => {
  const heard = [...readRecordings().values()].flatMap(({ quiet, verbose }) => [quiet.stderr, quiet.stdout, verbose.stderr]).join('\n');
  // No recording is without credentials or region: their words are awscli's by the table alone.
  const setUp = [{ code: 'CREDENTIALS_MISSING' }, { code: 'REGION_MISSING' }] as const;
  const said = [heard, ...setUp.map(awscliWords)].join('\n');
  const lines = section('## What it says')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => quotes(line.split('|')[1]!));
  const fatal = section('## What it says').split('Fatal, with exit code 255:')[1]!.split('\n\n')[0]!;
  const all = [...lines, ...quotes(fatal)];
  assert.ok(all.length >= 19, `only ${all.length} lines found`);
  assert.deepEqual(
    all.filter((line) => !asPattern(line).test(said)),
    [],
  );
});

const FAULTS: IntegrityFault[] = [
  { code: 'FILE_NOT_FOUND' },
  { code: 'HASH_DIFFERS' },
  { code: 'TRAILING_DATA' },
  { code: 'NOT_GZIP', why: 'it is damaged inside' },
  { code: 'CUT_SHORT' },
  { code: 'DIGEST_NOT_JSON' },
  { code: 'DIGEST_FIELD_MISSING', field: 'digestEndTime' },
  { code: 'LOG_FAILED', why: { code: 'KEY_EMPTY' } },
  { code: 'SIGNATURE_WRONG' },
  { code: 'SIGNATURE_MISSING' },
  { code: 'DIGEST_MOVED', bucket: 'a', key: 'b' },
  { code: 'PUBLIC_KEY_UNKNOWN', region: 'us-east-1', fingerprint: 'aa11' },
];

test('the reasons that the guide gives of findings are those of findings, beside the command’s', () => {
  const rows = section('## On a schedule')
    .split('\n')
    .filter((line) => line.startsWith('| `the ') || line.startsWith('| `something') || line.startsWith('| `CloudTrail'))
    .map((line) => line.split('|'));
  const wanted = rows.flatMap(([, ours, theirs]) => quotes(ours!).map((reason) => ({ reason, command: quotes(theirs!)[0]! })));
  assert.equal(wanted.length, FAULTS.length);
  for (const { reason, command } of wanted) {
    const fault = FAULTS.find((one) => asPattern(reason).test(plainWords(one)));
    assert.ok(fault, `no finding says \`${reason}\``);
    assert.match(awscliWords(fault), asPattern(command));
  }
});

test('the finding that the guide shows has the fields of a finding, and a reason of one', () => {
  const shown = JSON.parse(/```json\n(\{\n {2}"id"[\s\S]*?)```/.exec(PAGE)![1]!) as Record<string, unknown>;
  const time = { microseconds: 0n, offsetSeconds: 0 };
  const check = { trailArn: 'arn', accountId: '1', region: 'r', start: time, end: time, now: new Date(0) };
  const made = toFinding({ kind: 'log', bucket: 'b', key: 'k' }, plainWords({ code: 'HASH_DIFFERS' }), check);
  assert.deepEqual(Object.keys(shown), Object.keys(made));
  assert.deepEqual(Object.keys(shown['detail'] as object), Object.keys(made.detail));
  assert.deepEqual([shown['title'], shown['severity'], shown['what'], shown['rule']], [made.title, made.severity, made.what, made.rule]);
});
