// A pattern is proposed for every event of the sample logs.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { envelopeOf, toEntry } from '../../../events/entry.ts';
import { recordsOfWhole } from '../../../events/logfile/logfile.ts';
import { compile } from '../../../events/pattern/index.ts';
import { proposePattern } from '../../../events/rules/patternfor.ts';

const SAMPLES = join(import.meta.dirname, '../../../samples/logs');

function* sampleEvents(): Generator<object> {
  const names = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /_CloudTrail(-[A-Za-z]+)?_.*\.json\.gz$/.test(name) && !name.includes('Digest'),
  );
  for (const name of names)
    for (const record of recordsOfWhole(readFileSync(join(SAMPLES, name)))!) {
      const detail = JSON.parse(record.text()) as object;
      yield { ...envelopeOf(toEntry(record, { bucket: '', key: name })), detail };
    }
}

test('the proposal for every event of the sample logs matches it and names nothing that changes', () => {
  const compiled = new Map<string, ReturnType<typeof compile>>();
  let count = 0;
  for (const event of sampleEvents()) {
    const proposal = proposePattern(event);
    const text = JSON.stringify(proposal);
    if (!compiled.has(text)) compiled.set(text, compile([{ name: 'r', pattern: proposal }]));
    assert.deepEqual(compiled.get(text)!.match(event), ['r'], JSON.stringify({ proposal, event }));
    assert.doesNotMatch(text, /"eventID"|"requestID"|"eventTime"|"sourceIPAddress"|"accessKeyId"|\d{12}|AKIA|ASIA|[0-9a-f]{8}-[0-9a-f]{4}/);
    assert.ok(text.length < 2048);
    count++;
  }
  assert.ok(count > 6000);
});
