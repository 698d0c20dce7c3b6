// The doors of the cloud keep the contracts of all doors on LocalStack too, not only over fakes.
import { randomUUID } from 'node:crypto';
import { after, describe } from 'node:test';
import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { eventBridgePut, realWaits } from '../../aws/bus.ts';
import { DynamoDeliveryLog } from '../../aws/deliverylog.ts';
import { DynamoDoneFiles } from '../../aws/donefiles.ts';
import { DynamoFindingState } from '../../aws/findingstate.ts';
import { findingTeller } from '../../aws/findingteller.ts';
import { S3ObjectStore } from '../../aws/objects.ts';
import { S3Quarantine } from '../../aws/quarantine.ts';
import { readHitMessage, SqsHitQueue, SqsParkedEntries } from '../../aws/sqs/index.ts';
import { DeliveryBus } from '../../events/bus/delivery.ts';
import type { Hit } from '../../events/detect/index.ts';
import type { Finding } from '../../events/finding.ts';
import type { Ledger } from '../../events/ledger.ts';
import { busContract } from '../contracts/bus.ts';
import { deliveryLogContract } from '../contracts/deliverylog.ts';
import { doneFilesContract } from '../contracts/donefiles.ts';
import { findingStateContract } from '../contracts/findingstate.ts';
import { hitQueueContract } from '../contracts/hitqueue.ts';
import { parkedEntriesContract } from '../contracts/parkedentries.ts';
import { putEntriesContract } from '../contracts/putentries.ts';
import { originOf, quarantineContract } from '../contracts/quarantine.ts';
import { storeContract } from '../contracts/store.ts';
import { tellFindingsContract } from '../contracts/tellfindings.ts';
import { strictPutEvents } from '../fakes/putevents.ts';
import { clients, ENDPOINT, STACK_REGION, takeMessages, whyNoLocalStack } from './environment.ts';
import { createQueue } from './stack.ts';

const { dynamoDb, eventBridge, s3, sqs } = clients();

async function createBucket(): Promise<string> {
  const Bucket = `test-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

async function makeStore(maxStoredBytes?: number) {
  const bucket = await createBucket();
  const keep = async (key: string, Body: Uint8Array) => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    return { bucket, key };
  };
  const store = new S3ObjectStore(s3, maxStoredBytes === undefined ? {} : { maxStoredBytes });
  return { store, keep, nowhere: { bucket, key: 'nothing.json.gz' } };
}

async function createBus(source = 'cloudtrail.ec2'): Promise<{ name: string; targetUrl: string }> {
  const name = `test-${randomUUID()}`;
  const queue = await createQueue(name);
  await eventBridge.send(new CreateEventBusCommand({ Name: name }));
  await eventBridge.send(new PutRuleCommand({ Name: 'all', EventBusName: name, EventPattern: JSON.stringify({ source: [source] }) }));
  await eventBridge.send(new PutTargetsCommand({ Rule: 'all', EventBusName: name, Targets: [{ Id: 'queue', Arn: queue.arn }] }));
  return { name, targetUrl: queue.url };
}

async function createTable(): Promise<string> {
  const TableName = `test-${randomUUID()}`;
  const id = { AttributeName: 'id' };
  const keys = { AttributeDefinitions: [{ ...id, AttributeType: 'S' as const }], KeySchema: [{ ...id, KeyType: 'HASH' as const }] };
  await dynamoDb.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', ...keys }));
  await waitUntilTableExists({ client: dynamoDb, maxWaitTime: 30 }, { TableName });
  return TableName;
}

async function keptIn(Bucket: string) {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const read = async (Key: string) => {
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    const reason = Metadata?.['reason'] ?? '';
    return { reason, ...originOf(Key, reason) };
  };
  return Promise.all(Contents.map(({ Key = '' }) => read(Key)));
}

describe('on LocalStack', { skip: await whyNoLocalStack() }, async () => {
  storeContract(
    'S3ObjectStore',
    () => makeStore(),
    () => makeStore(1000),
  );

  // LocalStack parses a Detail and prints it again; AWS hands it on as text.
  const parsed = (text: string) => JSON.stringify(JSON.parse(text));
  const makeBus = async (ledger: Ledger) => {
    const { name, targetUrl } = await createBus();
    const bus = new DeliveryBus(eventBridgePut(eventBridge, name), { park: () => Promise.reject(new Error('parked')) }, ledger, realWaits);
    const received = async (count: number) => {
      const messages = await takeMessages(sqs, targetUrl, count);
      return messages.map(({ Body = '' }) => JSON.stringify((JSON.parse(Body) as { detail: unknown }).detail));
    };
    return { bus, received, atOnce: false };
  };
  busContract('DeliveryBus over EventBridge', makeBus, parsed);

  // LocalStack takes what AWS refuses: a server in front of it refuses as AWS does.
  const strict = await strictPutEvents(ENDPOINT, new Set());
  after(() => strict.server.close());
  putEntriesContract('eventBridgePut', async () => {
    const { name } = await createBus();
    return eventBridgePut(
      new EventBridgeClient({
        region: STACK_REGION,
        endpoint: strict.address,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      }),
      name,
    );
  });

  parkedEntriesContract('SqsParkedEntries', async () => {
    const queue = await createQueue(`parked-${randomUUID()}`);
    const kept = async (count: number) => (await takeMessages(sqs, queue.url, count)).map(({ Body = '' }) => JSON.parse(Body));
    return { parkedEntries: new SqsParkedEntries(sqs, queue.url, new S3Quarantine(s3, await createBucket())), kept };
  });

  hitQueueContract('SqsHitQueue', async () => {
    const { url } = await createQueue(`hits-${randomUUID()}`);
    const hits: Hit[] = [];
    const taken = async (count: number) => {
      while (hits.length < count) hits.push(...(await takeMessages(sqs, url, 1)).flatMap(({ Body = '' }) => readHitMessage(Body)));
      return hits;
    };
    return { queue: new SqsHitQueue(sqs, url), taken };
  });

  tellFindingsContract('findingTeller', async () => {
    const { name, targetUrl } = await createBus('trailbus');
    const received = async (count: number) => {
      const messages = count === 0 ? [] : await takeMessages(sqs, targetUrl, count);
      return messages.map(({ Body = '' }) => (JSON.parse(Body) as { detail: Finding }).detail);
    };
    return { tell: findingTeller(eventBridgePut(eventBridge, name), realWaits), received };
  });

  quarantineContract('S3Quarantine', async () => {
    const bucket = await createBucket();
    return { quarantine: new S3Quarantine(s3, bucket), kept: () => keptIn(bucket) };
  });

  let table: Promise<string> | undefined;
  const marksTable = () => {
    table ??= createTable();
    return table;
  };
  const makeDone = async () => new DynamoDoneFiles(dynamoDb, await marksTable(), { timeLeftMs: () => 60_000 });
  doneFilesContract('DynamoDoneFiles', makeDone, { remembers: true });
  findingStateContract('DynamoFindingState', async () => {
    const name = await marksTable();
    return [new DynamoFindingState(dynamoDb, name), new DynamoFindingState(dynamoDb, name)];
  });
  deliveryLogContract('DynamoDeliveryLog', async () => {
    const name = await createTable();
    return [new DynamoDeliveryLog(dynamoDb, name), new DynamoDeliveryLog(dynamoDb, name)];
  });
});
