// The root user's second factor: each colour, and where it is read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import rootMfa from '../../checks/root-mfa.ts';
import { asked, judged, queryAnswer } from './account.ts';

const summary = (counts: Record<string, number>) =>
  queryAnswer(
    'GetAccountSummary',
    `<SummaryMap>${Object.entries(counts)
      .map(([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`)
      .join('')}</SummaryMap>`,
  );

const report = (mfa: string, password = 'not_supported') =>
  queryAnswer(
    'GetCredentialReport',
    `<Content>${Buffer.from(
      `user,arn,password_enabled,mfa_active\n<root_account>,arn:aws:iam::111122223333:root,${password},${mfa}\nann,arn:aws:iam::111122223333:user/ann,true,true\n`,
    ).toString('base64')}</Content>`,
  );
const READY = queryAnswer('GenerateCredentialReport', '<State>COMPLETE</State>');

const judgements: [string, object, string[]][] = [
  [
    'a password without MFA is red',
    { hasMfa: false, hasPassword: true },
    ['111122223333 error: the root user logs in with a password alone: it has no MFA device'],
  ],
  ['MFA is green', { hasMfa: true, hasPassword: true }, ['111122223333 ok: the root user has an MFA device']],
  ['no password is green', { hasMfa: false, hasPassword: false }, ['111122223333 ok: the root user has no password']],
];
for (const [name, facts, expected] of judgements) test(name, () => assert.deepEqual(judged(rootMfa, facts), expected));

const answers: [string, Parameters<typeof asked>[1], string][] = [
  ['the summary without MFA is red', { GetAccountSummary: summary({ AccountMFAEnabled: 0, AccountPasswordPresent: 1 }) }, 'error'],
  ['the summary with MFA is green', { GetAccountSummary: summary({ AccountMFAEnabled: 1 }) }, 'ok'],
  ['a member without root password is green', { GetAccountSummary: summary({ AccountMFAEnabled: 0, AccountPasswordPresent: 0 }) }, 'ok'],
  ['a summary that doesn’t say of a password is red without MFA', { GetAccountSummary: summary({ AccountMFAEnabled: 0 }) }, 'error'],
  [
    'the report’s root row stands in for a summary that is refused',
    { GenerateCredentialReport: READY, GetCredentialReport: report('false') },
    'error',
  ],
  [
    'the report’s root row is read where the summary doesn’t say',
    { GetAccountSummary: summary({}), GenerateCredentialReport: READY, GetCredentialReport: report('true') },
    'ok',
  ],
  [
    'a report that says there is no root password is green',
    { GenerateCredentialReport: READY, GetCredentialReport: report('false', 'false') },
    'ok',
  ],
];
for (const [name, account, status] of answers)
  test(name, async () => assert.equal((await asked(rootMfa, account, { regions: ['eu-west-1'] })).status, status));

test('a role that may ask neither is told of the first', async () => {
  const { flaggedResources, calls } = await asked(rootMfa, {});
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => [status, reason]),
    [['not_available', 'not asked: the role may not call iam:GetAccountSummary in us-east-1']],
  );
  assert.deepEqual(
    calls.map(({ operation }) => operation),
    ['GetAccountSummary', 'GenerateCredentialReport'],
  );
});

test('what is global is asked in the partition’s own region', async () => {
  const { calls } = await asked(rootMfa, { GetAccountSummary: summary({ AccountMFAEnabled: 1 }) }, { partition: 'aws-cn' });
  assert.deepEqual(
    calls.map(({ region }) => region),
    ['cn-north-1'],
  );
});
