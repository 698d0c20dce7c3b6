// A DynamoDB table in memory, with what our doors ask of one: plain puts, and a put on the condition that the idempotency store writes.
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

type Item = NonNullable<PutItemCommandInput['Item']>;

const idOf = (item: Item | undefined) => item?.['id']?.S ?? '';

/** `attribute_not_exists(id) OR expiry < now OR (in progress AND its time is over)`: the condition Powertools writes, by its values. */
function isFree(item: Item | undefined, values: Item): boolean {
  if (item === undefined || Number(item['expiration']?.N) < Number(values[':now']?.N)) return true;
  const until = item['in_progress_expiration']?.N;
  return item['status']?.S === 'INPROGRESS' && until !== undefined && Number(until) < Number(values[':now_in_millis']?.N);
}

/** A client whose commands work on `items`. */
export function fakeTable(items = new Map<string, Item>()): DynamoDBClient {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const put = ({ Item = {}, ConditionExpression: condition, ExpressionAttributeValues: values = {} }: PutItemCommandInput) => {
    const present = items.get(idOf(Item));
    if (condition !== undefined && !isFree(present, values))
      throw new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata: {},
        ...(present ? { Item: present } : {}),
      });
    items.set(idOf(Item), Item);
    return {};
  };
  const update = ({ Key, ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: UpdateItemCommandInput) => {
    const item = { ...items.get(idOf(Key)) };
    for (const [placeholder, name] of Object.entries(names)) item[name] = values[placeholder.replace('#', ':')] ?? { NULL: true };
    items.set(idOf(Key), item);
    return {};
  };
  mockClient(client)
    .on(PutItemCommand)
    .callsFake(put)
    .on(UpdateItemCommand)
    .callsFake(update)
    .on(GetItemCommand)
    .callsFake(({ Key }: { Key: Item }) => ({ Item: items.get(idOf(Key)) }))
    .on(DeleteItemCommand)
    .callsFake(({ Key }: { Key: Item }) => void items.delete(idOf(Key)));
  return client;
}
