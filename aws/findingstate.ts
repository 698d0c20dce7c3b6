// What findings remember in the cloud: a DynamoDB table, each item written only by who saw its last version.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Waits } from '../events/bus/delivery.ts';
import type { FindingState, StateItem, StateValue, StateWrite } from '../events/detect/doors.ts';
import { ReadError, TrailbusError } from '../events/errors.ts';
import { realWaits } from './bus.ts';

/** Most keys in one BatchGetItem call. Source: API reference, BatchGetItem, `RequestItems` (read 2026-11-28). */
const MAX_KEYS = 100;

/** Times a call is made for keys that the table did not get to. */
const MAX_READS = 8;
const FIRST_PAUSE_MS = 50;

/** Largest item, below the service's 400 KB (409,600 bytes). Source: Developer guide, Quotas, item size (read 2026-11-28). */
export const MAX_STATE_BYTES = 350_000;

/** Values from this size on are packed: smaller ones stay readable in the console. */
const PACK_FROM_BYTES = 1_000;

type TableItem = Record<string, AttributeValue>;

/** Items have the key `id`; `expiration` is the table's time to live, in seconds since 1970; the value is JSON in `value`, or deflated in `packed`. */
export class DynamoFindingState implements FindingState {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly waits: Waits;

  constructor(client: DynamoDBClient, table: string, waits: Waits = realWaits) {
    this.client = client;
    this.table = table;
    this.waits = waits;
  }

  async read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    const all = [...new Set(keys)];
    const calls: Promise<TableItem[]>[] = [];
    for (let at = 0; at < all.length; at += MAX_KEYS) calls.push(this.readSome(all.slice(at, at + MAX_KEYS)));
    return new Map((await Promise.all(calls)).flat().map((item) => [item['id']?.S ?? '', stateItemOf(item)]));
  }

  /** The table answers with what it gets to, at most 16 MB: the rest is asked again. */
  private async readSome(keys: readonly string[]): Promise<TableItem[]> {
    const items: TableItem[] = [];
    let left: TableItem[] = keys.map((key) => ({ id: { S: key } }));
    for (let attempt = 0; attempt < MAX_READS; attempt++) {
      if (attempt > 0) await this.waits.sleep(FIRST_PAUSE_MS * 2 ** attempt * this.waits.random());
      const answer = await this.client.send(
        new BatchGetItemCommand({ RequestItems: { [this.table]: { Keys: left, ConsistentRead: true } } }),
      );
      items.push(...(answer.Responses?.[this.table] ?? []));
      left = answer.UnprocessedKeys?.[this.table]?.Keys ?? [];
      if (left.length === 0) return items;
    }
    throw new ReadError(`the table left ${left.length} of ${keys.length} keys unread, ${MAX_READS} times`, true, {
      source: `table ${this.table}`,
      help: 'the hits come again; let the table be read more often',
    });
  }

  async write(key: string, value: StateValue, { expected, expiresAt }: StateWrite): Promise<number | undefined> {
    return putVersion(this.client, this.table, { id: key, expected, expiresAt, attributes: this.packed(key, value) });
  }

  private packed(key: string, value: StateValue): TableItem {
    const text = JSON.stringify(value);
    if (text.length < PACK_FROM_BYTES) return { value: { S: text } };
    const bytes = deflateRawSync(text);
    if (bytes.length + Buffer.byteLength(key) > MAX_STATE_BYTES)
      throw new TrailbusError(`\`${key}\` is too large to be remembered: ${bytes.length} bytes`, {
        source: `table ${this.table}`,
        help: 'this is a fault of Trailbus: please report it with the detection',
      });
    return { packed: { B: bytes } };
  }
}

/** An item to be written by who saw its last version. */
interface NextVersion {
  id: string;
  /** The version that was read; undefined where nothing was there. */
  expected: number | undefined;
  /** Seconds since 1970 from which the item may be forgotten. */
  expiresAt: number;
  /** What it holds besides. */
  attributes: TableItem;
}

/** @returns the new version, or undefined when somebody else wrote meanwhile */
export async function putVersion(
  client: DynamoDBClient,
  table: string,
  { id, expected, expiresAt, attributes }: NextVersion,
): Promise<number | undefined> {
  const version = (expected ?? 0) + 1;
  const Item = { id: { S: id }, version: { N: String(version) }, expiration: { N: String(Math.ceil(expiresAt)) }, ...attributes };
  const condition =
    expected === undefined
      ? { ConditionExpression: 'attribute_not_exists(id)' }
      : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': { N: String(expected) } } };
  try {
    await client.send(new PutItemCommand({ TableName: table, Item, ...condition }));
    return version;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

function stateItemOf({ version, value, packed }: TableItem): StateItem {
  const text = packed?.B === undefined ? (value?.S ?? '{}') : inflateRawSync(packed.B).toString();
  return { version: Number(version?.N), value: JSON.parse(text) as StateValue };
}
