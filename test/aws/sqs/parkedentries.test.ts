// Parked entries as messages of a queue: characters that SQS refuses, and records too large for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { S3Quarantine } from '../../../aws/quarantine.ts';
import { MAX_MESSAGE_BYTES, SqsParkedEntries } from '../../../aws/sqs/index.ts';
import { toEntry } from '../../../events/entry.ts';
import { parkedEntriesContract } from '../../contracts/parkedentries.ts';
import { REF, recordOf } from '../../fakes/records.ts';
import { fakeBuckets } from '../../fakes/s3.ts';

const QUEUE = 'https://sqs.us-east-1.amazonaws.com/111122223333/parked';

parkedEntriesContract('SqsParkedEntries', async () => {
  const client = new SQSClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(SendMessageCommand).resolves({});
  const { client: s3 } = fakeBuckets();
  const kept = async () => mock.commandCalls(SendMessageCommand).map(({ args }) => JSON.parse(args[0].input.MessageBody ?? ''));
  return { parkedEntries: new SqsParkedEntries(client, QUEUE, new S3Quarantine(s3, 'quarantine')), kept };
});

async function park(text: string) {
  const client = new SQSClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(SendMessageCommand).resolves({});
  const { client: s3, puts } = fakeBuckets();
  await new SqsParkedEntries(client, QUEUE, new S3Quarantine(s3, 'quarantine')).park(
    toEntry(recordOf(text), REF),
    'MalformedDetail: Detail is malformed.',
  );
  const { MessageBody = '', QueueUrl } = mock.commandCalls(SendMessageCommand)[0]!.args[0].input;
  assert.equal(QueueUrl, QUEUE);
  return { text: MessageBody, message: JSON.parse(MessageBody), puts };
}

test('escapes the two characters that JSON takes and SQS refuses', async () => {
  const { text, message } = await park('{"eventSource":"ec2.amazonaws.com","name":"\ufffe\uffff"}');
  assert.doesNotMatch(text, /[\ufffe\uffff]/);
  assert.equal(JSON.parse(message.entry.Detail).name, '\ufffe\uffff');
});

test('keeps a record above the queue’s limit in quarantine, and parks where it lies', async () => {
  const record = `{"eventSource":"ec2.amazonaws.com","big":"${'x'.repeat(MAX_MESSAGE_BYTES)}"}`;
  const { text, message, puts } = await park(record);
  assert.ok(Buffer.byteLength(text) < 4096);
  assert.equal(message.entry, undefined);
  const [put] = [...puts.values()];
  assert.deepEqual(message.record, { bucket: put?.Bucket, key: put?.Key });
  assert.equal(Buffer.from(put?.Body as Uint8Array).toString(), record);
  assert.equal(put?.Metadata?.['reason'], 'PARKED_TOO_LARGE');
});
