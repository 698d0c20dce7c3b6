// The tutorial, followed from its first command to its last that needs nothing deployed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertShown, pageText, stepsOf, Workplace } from './consolepage.ts';

const place = new Workplace();
const steps = stepsOf(pageText('tutorial.md').split('\n## 6. ')[0]!);

for (const step of steps)
  if (step.kind === 'file') test(`the page’s file ${step.name} is written`, () => place.write(step.name, step.text));
  else
    test(`the page’s command does what it shows: ${step.example.command.slice(0, 100)}`, () =>
      assertShown(place.run(step.example.command), step.example));

test('the page has its steps', () => assert.ok(steps.length > 15, `${steps.length}`));
