// The limit of IAM users.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import limit from '../../checks/limit-iam-users.ts';
import { asked } from './account.ts';
import { iamSummary } from './iamsummary.ts';
import { limitTests } from './limits.ts';

limitTests(limit, {
  answersAt: (used) => ({ GetAccountSummary: iamSummary({ Users: used, UsersQuota: 5 }) }),
  named: ['-', 'IAM', 'Users'],
  lacks: 'iam:GetAccountSummary',
});

test('what the summary doesn’t hold is not known, and not green', async () => {
  for (const [counts, reason] of [
    [{ Users: 3 }, 'the service doesn’t say the limit'],
    [{ UsersQuota: 5 }, 'the service doesn’t say how many there are'],
  ] as [Record<string, number>, string][]) {
    const { status, flaggedResources } = await asked(limit, { GetAccountSummary: iamSummary(counts) });
    assert.equal(status, 'not_available');
    assert.equal(flaggedResources[0]!.reason, reason);
  }
});
