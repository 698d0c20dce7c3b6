// What holds for every check of a limit: its colours at 80 and 100 %, and what it says when it can't know.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check } from '../../events/advice/index.ts';
import { type Answers, asked } from './account.ts';

export interface LimitCase {
  /** An account that has so many, of 5 that it may have. */
  answersAt: (used: number) => Answers;
  /** The first columns. */
  named: [region: string, service: string, limit: string];
  /** What a role that may do nothing lacks first. */
  lacks: string;
}

/** Of a limit of 5 the fourth is 80 %. */
const STEPS: [number, string, string][] = [
  [0, 'ok', 'Green'],
  [3, 'ok', 'Green'],
  [4, 'warning', 'Yellow'],
  [5, 'error', 'Red'],
  [6, 'error', 'Red'],
];

export function limitTests(check: Check, { answersAt, named, lacks }: LimitCase): void {
  for (const [used, status, colour] of STEPS)
    test(`${used} of 5 is ${status}`, async () => {
      const result = await asked(check, answersAt(used));
      assert.deepEqual(
        result.flaggedResources.map(({ metadata, reason }) => [...metadata, reason]),
        [[...named, '5', String(used), colour, `${used} of 5 ${named[2]} are used`]],
      );
      assert.equal(result.status, status);
    });

  test('a role that may not ask is told so, and nothing is green', async () => {
    const { status, flaggedResources } = await asked(check, {});
    assert.equal(status, 'not_available');
    assert.deepEqual(
      flaggedResources.map(({ reason }) => reason),
      [`not asked: the role may not call ${lacks} in us-east-1`],
    );
  });
}

export const times = (count: number, item: string): string => item.repeat(count);

/** What Service Quotas answers. */
export const quota = (Value: number): string => JSON.stringify({ Quota: { Value } });
export const noQuota = { status: 400, body: '{"__type":"NoSuchResourceException","message":"no such quota"}' };
