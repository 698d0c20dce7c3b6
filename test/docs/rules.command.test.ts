// Runs every console example of docs/rules.md, and holds its table against the code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRules } from '../../events/rules/index.ts';
import { examplesOf, fencesOf, pageText, testExamples, Workplace } from './consolepage.ts';

const PAGE = pageText('rules.md');
testExamples(PAGE, new Workplace());

test('there are examples of every command', () => {
  for (const name of [
    'run samples/logs --rules',
    'rules match',
    'rules explain',
    'rules lint',
    'rules test',
    'rules backtest',
    'rules docs',
    'rules port',
    'rules new',
  ])
    assert.ok(
      examplesOf(PAGE).some(({ command }) => command.includes(`trailbus ${name}`)),
      name,
    );
});

test('the page’s rule file is a rule file', () => {
  const [file] = fencesOf(PAGE, 'yaml');
  const [rule] = readRules(file!, 'page.yaml');
  assert.deepEqual([rule!.name, rule!.severity], ['console.no-mfa', 'high']);
  assert.match(rule!.pattern, /"MFAUsed":\["No"\]/);
});
