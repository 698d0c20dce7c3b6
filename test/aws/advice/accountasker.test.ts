// Accounts asked through the SDK, over HTTP: each call once, so many at a time, refusals told as what they are.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DescribeSecurityGroupsCommandInput, DescribeSecurityGroupsCommandOutput } from '@aws-sdk/client-ec2';
import { AccountAsker, accountHere, accountsInRole } from '../../../aws/advice/index.ts';
import { apiCall, NotAnswered } from '../../../events/advice/index.ts';
import { type Answers, FakeAccount } from '../../checks/account.ts';

const GROUPS = apiCall<DescribeSecurityGroupsCommandInput, DescribeSecurityGroupsCommandOutput>('ec2', 'DescribeSecurityGroups');
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };

const pageOf = (from: number, count: number, next?: number) =>
  `<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><securityGroupInfo>${Array.from({ length: count }, (_, at) => `<item><groupId>sg-${from + at}</groupId></item>`).join('')}</securityGroupInfo>${next === undefined ? '' : `<nextToken>${next}</nextToken>`}</DescribeSecurityGroupsResponse>`;

let throttled = 0;
const answers: Answers = {
  DescribeSecurityGroups: ({ input, region }) => {
    if (region === 'eu-west-1' && throttled++ < 2)
      return {
        status: 503,
        body: '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slower</Message></Error></Errors></Response>',
      };
    if (region === 'eu-north-1')
      return { status: 401, body: '<Response><Errors><Error><Code>AuthFailure</Code><Message>no</Message></Error></Errors></Response>' };
    const from = Number(input['NextToken'] ?? 0);
    return from < 900 ? pageOf(from, 100, from + 100) : pageOf(from, 100);
  },
  GetCallerIdentity:
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws-us-gov:iam::111122223333:role/audit</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
  DescribeRegions:
    '<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo><item><regionName>us-gov-west-1</regionName></item><item><regionName>us-gov-east-1</regionName></item></regionInfo></DescribeRegionsResponse>',
};
let account: FakeAccount;
before(async () => {
  account = await new FakeAccount(answers).open();
});
after(() => account.close());
const askerOf = (more: object = {}) => new AccountAsker({ endpoint: account.url, credentials, ...more });

test('a thousand groups come page by page, asked once however many ask', async () => {
  account.calls.length = 0;
  const asker = askerOf();
  const [one, other] = await Promise.all([asker.in('us-east-1').pages(GROUPS, {}), asker.in('us-east-1').pages(GROUPS, {})]);
  assert.equal(one.flatMap(({ SecurityGroups = [] }) => SecurityGroups).length, 1_000);
  assert.equal(one, other);
  assert.equal(account.calls.length, 10);
  assert.deepEqual([...asker.calls], [['ec2:DescribeSecurityGroups', 10]]);
});

test('another region, or another question, is another call', async () => {
  account.calls.length = 0;
  const asker = askerOf().in('us-east-1');
  await asker.ask(GROUPS, {});
  await asker.ask(GROUPS, { MaxResults: 5 });
  await asker.ask(GROUPS, {}, { region: 'us-west-2' });
  assert.deepEqual(
    account.calls.map(({ region }) => region),
    ['us-east-1', 'us-east-1', 'us-west-2'],
  );
});

test('what is asked too fast is asked again', async () => {
  const answer = await askerOf().in('eu-west-1').ask(GROUPS, {});
  assert.equal(answer.SecurityGroups?.length, 100);
  assert.equal(throttled, 3);
});

test('a refusal says which action in which region, and is told to everybody who asks', async () => {
  const asker = askerOf({ maxAttempts: 1 }).in('eu-north-1');
  for (const ask of [() => asker.ask(GROUPS, {}), () => asker.pages(GROUPS, {})])
    await assert.rejects(
      ask,
      (error) =>
        error instanceof NotAnswered &&
        error.code === 'AuthFailure' &&
        error.reason === 'not answered: ec2:DescribeSecurityGroups in eu-north-1 failed with AuthFailure: no',
    );
});

test('no more calls are under way at once than allowed', async () => {
  const waits: (() => void)[] = [];
  let [under, most] = [0, 0];
  const asker = new AccountAsker({
    endpoint: account.url,
    credentials: async () => {
      most = Math.max(most, ++under);
      await new Promise<void>((resolve) => waits.push(resolve));
      under--;
      return credentials;
    },
    atOnce: 3,
  });
  const asked = Promise.all(Array.from({ length: 9 }, (_, at) => asker.in(`us-east-${at + 1}`).ask(GROUPS, {})));
  const release = setInterval(() => {
    for (const resolve of waits.splice(0)) resolve();
  }, 20);
  await asked;
  clearInterval(release);
  assert.equal(most, 3);
});

test('the account, its partition and its regions are those of the credentials', async () => {
  const { account: id, partition, regions } = await accountHere([], 'us-gov-west-1', { endpoint: account.url, credentials });
  assert.deepEqual([id, partition, regions], ['111122223333', 'aws-us-gov', ['us-gov-east-1', 'us-gov-west-1']]);
  const chosen = await accountHere(['us-gov-east-1'], 'us-gov-east-1', { endpoint: account.url, credentials });
  assert.deepEqual(chosen.regions, ['us-gov-east-1']);
});

test('other accounts are asked in their role, and one that refuses is not available, the others are', async () => {
  const roles = await new FakeAccount({
    ...answers,
    AssumeRole: ({ input }) =>
      String(input['RoleArn']).includes('222222222222')
        ? { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>' }
        : '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>',
  }).open();
  const options = { endpoint: roles.url, credentials };
  const here = await accountHere(['us-gov-west-1'], 'us-gov-west-1', options);
  const role = { name: 'audit/trailbus', externalId: 'x1' };
  const members = await accountsInRole(['333333333333', '222222222222'], role, { ...here, home: 'us-gov-west-1' }, [], options);
  assert.deepEqual(
    members.map(({ account: id, regions }) => [id, regions]),
    [
      ['333333333333', ['us-gov-east-1', 'us-gov-west-1']],
      ['222222222222', ['us-gov-west-1']],
    ],
  );
  const [asked] = roles.calls.filter(({ operation }) => operation === 'AssumeRole');
  assert.deepEqual([asked!.input['RoleArn'], asked!.input['ExternalId']], ['arn:aws-us-gov:iam::333333333333:role/audit/trailbus', 'x1']);
  assert.equal((await members[0]!.askerIn('us-gov-west-1').ask(GROUPS, {})).SecurityGroups?.length, 100);
  await assert.rejects(members[1]!.askerIn('us-gov-west-1').ask(GROUPS, {}), /no/);
  roles.close();
});
