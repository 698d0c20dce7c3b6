// A DynamoDB table in memory, with what our doors ask of one: plain puts, puts on the conditions that we and the idempotency store write, reads of many, scans.
import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  ScanCommand,
  type ScanCommandInput,
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

/** Whether an item is as a write wants it: absent, of a version, or free in the idempotency store's sense. */
function holds(condition: string, item: Item | undefined, values: Item): boolean {
  if (condition === 'attribute_not_exists(id)') return item === undefined;
  if (condition === 'version = :version') return item !== undefined && item['version']?.N === values[':version']?.N;
  return isFree(item, values);
}

/** Items that one answer to a scan holds. */
const SCANNED_TOGETHER = 3;

/** A client whose commands work on `items`. */
export function fakeTable(items = new Map<string, Item>()): DynamoDBClient {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const put = ({ Item = {}, ConditionExpression: condition, ExpressionAttributeValues: values = {} }: PutItemCommandInput) => {
    const present = items.get(idOf(Item));
    if (condition !== undefined && !holds(condition, present, values))
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
  const readMany = ({ RequestItems = {} }: BatchGetItemCommandInput) => {
    const [[table = '', { Keys = [], ConsistentRead = false } = {}] = []] = Object.entries(RequestItems);
    const asked = Keys.map(idOf);
    if (asked.length > 100 || new Set(asked).size < asked.length || !ConsistentRead) throw new Error('ValidationException');
    return { Responses: { [table]: asked.map((id) => items.get(id)).filter((item) => item !== undefined) }, UnprocessedKeys: {} };
  };
  const scan = ({ ExclusiveStartKey }: ScanCommandInput) => {
    const ids = [...items.keys()];
    const from = ExclusiveStartKey === undefined ? 0 : ids.indexOf(idOf(ExclusiveStartKey)) + 1;
    const some = ids.slice(from, from + SCANNED_TOGETHER);
    const isLast = from + SCANNED_TOGETHER >= ids.length;
    return { Items: some.map((id) => items.get(id)), ...(!isLast && { LastEvaluatedKey: { id: { S: some.at(-1) } } }) };
  };
  mockClient(client)
    .on(ScanCommand)
    .callsFake(scan)
    .on(BatchGetItemCommand)
    .callsFake(readMany)
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
