// The tutorial, followed to its end: the last part deploys what the others wrote, and waits for its finding.
import { after, before, describe, test } from 'node:test';
import { assertShown, type PageStep, pageText, stepsOf, Workplace } from '../docs/consolepage.ts';
import { whyNoLocalStack } from './environment.ts';
import { createDeploymentBucket, destroy } from './stack.ts';

const [made = '', deployed = ''] = pageText('tutorial.md').split('\n## 6. ');
/** What the last part needs of the parts before: the files as they are at their end. */
const files = new Map(stepsOf(made).flatMap((step) => (step.kind === 'file' ? [[step.name, step.text] as const] : [])));
const steps = stepsOf(deployed).filter((step): step is PageStep & { kind: 'example' } => step.kind === 'example');
const AS_IN_CI = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

describe('the tutorial, deployed', { skip: await whyNoLocalStack() }, () => {
  const place = Workplace.inClone();
  before(async () => {
    for (const [name, text] of files) place.write(name, text);
    await createDeploymentBucket();
  });
  after(() => destroy({ name: 'trailbus-tutorial' }));

  for (const { example } of steps)
    test(`the page’s command does what it shows: ${example.command.slice(0, 100)}`, () =>
      // Progress and answer in the order they are said.
      assertShown(place.run(`${example.command} 2>&1`, AS_IN_CI), example));
});
