// The services that LocalStack's free edition lacks answer through the extension.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  CreateTrailCommand,
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  ListPublicKeysCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { CreateTableCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateOrganizationCommand, DescribeOrganizationCommand } from '@aws-sdk/client-organizations';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { callService, clients, PUBLIC_KEYS_FILE, whyNoLocalStack } from './environment.ts';

const { cloudTrail, dynamoDb, organizations, s3 } = clients();

describe('the extension', { skip: await whyNoLocalStack() }, () => {
  test('creates, describes and starts a trail on a bucket of LocalStack', async () => {
    const name = `trail-${randomUUID()}`;
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    await cloudTrail.send(new CreateTrailCommand({ Name: name, S3BucketName: name, EnableLogFileValidation: true }));
    await cloudTrail.send(new StartLoggingCommand({ Name: name }));
    // moto describes all trails whatever is asked for, those of earlier runs too.
    const { trailList = [] } = await cloudTrail.send(new DescribeTrailsCommand({ trailNameList: [name] }));
    const trails = trailList.filter(({ Name }) => Name === name);
    assert.deepEqual([trails.length, trails[0]?.S3BucketName, trails[0]?.LogFileValidationEnabled], [1, name, true]);
    assert.equal((await cloudTrail.send(new GetTrailStatusCommand({ Name: name }))).IsLogging, true);
  });

  test('refuses a trail on a bucket that is not there', async () => {
    const create = new CreateTrailCommand({ Name: `trail-${randomUUID()}`, S3BucketName: `gone-${randomUUID()}` });
    await assert.rejects(cloudTrail.send(create), { name: 'S3BucketDoesNotExistException' });
  });

  test('lists the public keys of its file that were valid in the time asked for', async (t) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = publicKey.export({ type: 'pkcs1', format: 'der' });
    const key = (fingerprint: string, year: number) => ({
      Value: der.toString('base64'),
      Fingerprint: fingerprint,
      ValidityStartTime: `${year}-01-01T00:00:00Z`,
      ValidityEndTime: `${year}-12-31T23:59:59Z`,
    });
    t.after(() => rmSync(PUBLIC_KEYS_FILE));
    writeFileSync(PUBLIC_KEYS_FILE, JSON.stringify({ PublicKeyList: [key('old', 2020), key('new', 2021)] }));
    const inYear = async (year: number) => {
      const range = { StartTime: new Date(`${year}-03-01T00:00:00Z`), EndTime: new Date(`${year}-04-01T00:00:00Z`) };
      return (await cloudTrail.send(new ListPublicKeysCommand(range))).PublicKeyList ?? [];
    };
    const [found] = await inYear(2021);
    assert.equal(found?.Fingerprint, 'new');
    assert.deepEqual(Buffer.from(found?.Value ?? []), der);
    assert.equal(found?.ValidityStartTime?.toISOString(), '2021-01-01T00:00:00.000Z');
    assert.deepEqual(await inYear(2019), []);
    writeFileSync(PUBLIC_KEYS_FILE, JSON.stringify({ PublicKeyList: [] }));
    assert.deepEqual(await inYear(2021), [], 'the file is read at every call');
  });

  test('holds DynamoDB to conditions and counts atomically', async () => {
    const table = `table-${randomUUID()}`;
    const schema = { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }], BillingMode: 'PAY_PER_REQUEST' as const };
    const attributes = [{ AttributeName: 'id', AttributeType: 'S' as const }];
    await dynamoDb.send(new CreateTableCommand({ TableName: table, AttributeDefinitions: attributes, ...schema }));
    const once = { TableName: table, Item: { id: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(id)' };
    await dynamoDb.send(new PutItemCommand(once));
    await assert.rejects(dynamoDb.send(new PutItemCommand(once)), { name: 'ConditionalCheckFailedException' });
    const add = {
      UpdateExpression: 'ADD seen :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW' as const,
    };
    const count = () => dynamoDb.send(new UpdateItemCommand({ TableName: table, Key: { id: { S: 'a' } }, ...add }));
    await Promise.all([count(), count(), count()]);
    assert.equal((await count()).Attributes?.['seen']?.N, '4');
  });

  test('has an organization', async () => {
    const existing = await organizations.send(new DescribeOrganizationCommand({})).catch(() => undefined);
    const { Organization: found } = existing ?? (await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' })));
    assert.match(found?.Id ?? '', /^o-/);
  });

  const asked: [string, Parameters<typeof callService>[0], RegExp][] = [
    [
      'RDS',
      {
        service: 'rds',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=DescribeDBSnapshots&Version=2014-10-31',
      },
      /<DBSnapshots/,
    ],
    ['GuardDuty', { service: 'guardduty', method: 'GET', path: '/detector' }, /"detectorIds":/],
    ['Security Hub', { service: 'securityhub', path: '/findings', body: '{}' }, /"Findings":/],
    [
      'Service Quotas',
      {
        service: 'servicequotas',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'ServiceQuotasV20190624.GetServiceQuota' },
        body: JSON.stringify({ ServiceCode: 'events', QuotaCode: 'L-244521F2' }),
      },
      /"Value":\s*300/,
    ],
  ];
  for (const [service, call, expected] of asked) {
    test(`answers for ${service}`, async () => {
      const { status, text } = await callService(call);
      assert.equal(status, 200, text);
      assert.match(text, expected);
    });
  }
});
