// What can happen to a file stands in docs/operations.md, under the name it has in logs, alarms and quarantine.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALARMS } from '../../serverless/alarmtable.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');

const textsOf = (folder: string, ending: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));

const found = (texts: string[], pattern: RegExp) =>
  [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1]!)))].sort();

test('the alarms that have a section are those of the stack', () => {
  const alarms = ALARMS.map(({ name }) => name).sort();
  assert.deepEqual(found([PAGE], /^### (\w+Alarm)$/gm), alarms);
});

test('every metric the function publishes is explained', () => {
  const metrics = found(textsOf('functions', '.ts'), /^ {4}([A-Z]\w+): sum\(/gm).concat(
    found(textsOf('functions', '.ts'), /addMetric\('(\w+)'/g),
    found(textsOf('functions', '.ts'), /\b([A-Z][a-z]+[A-Z]\w+): (?:0\b|this\.)/g),
  );
  assert.ok(metrics.length > 24, metrics.join());
  assert.deepEqual(
    metrics.filter((metric) => !PAGE.includes(`\`${metric}\``)),
    [],
  );
});

test('the messages that the page tells of are those that are written', () => {
  const section = /### ValidateErrorsAlarm[\s\S]*?(?=\n### )/.exec(PAGE)?.[0] ?? '';
  const messages = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]!);
  const written = [...textsOf('events/digest', '.ts'), ...textsOf('aws', '.ts')].join('\n').replace(/\$\{[^}]*\}/g, '…');
  assert.ok(messages.length > 2, messages.join());
  assert.deepEqual(
    messages.filter((message) => !written.includes(message)),
    [],
  );
});
