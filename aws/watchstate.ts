// What the scheduled check remembers, in a DynamoDB table: how far each place was checked, which findings were told.
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { WatchState } from '../events/digest/doors.ts';
import { DAY_SECONDS } from '../events/timeunits.ts';

/** Days a told finding is remembered; by then its file lies far outside what is checked again. */
const TOLD_DAYS = 400;

/**
 * How far a place was checked, in milliseconds since 1970. The attribute keeps this name though our own say `Ms`: tables that are deployed have it.
 */
const REACHED = 'millis';

/** Items have the key `id`; `expiration` is the table's time to live, in seconds since 1970. */
export class DynamoWatchState implements WatchState {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly now: () => number;

  constructor(client: DynamoDBClient, table: string, now: () => number) {
    this.client = client;
    this.table = table;
    this.now = now;
  }

  private async read(id: string) {
    const answer = await this.client.send(new GetItemCommand({ TableName: this.table, Key: { id: { S: id } }, ConsistentRead: true }));
    return answer.Item;
  }

  async reached(place: string): Promise<number | undefined> {
    const item = await this.read(`reached ${place}`);
    const reached = item?.[REACHED]?.N;
    return reached === undefined ? undefined : Number(reached);
  }

  async setReached(place: string, reachedMs: number): Promise<void> {
    const item = { id: { S: `reached ${place}` }, [REACHED]: { N: String(reachedMs) } };
    await this.client.send(new PutItemCommand({ TableName: this.table, Item: item }));
  }

  async wasTold(findingId: string): Promise<boolean> {
    return (await this.read(`told ${findingId}`)) !== undefined;
  }

  async setTold(findingId: string): Promise<void> {
    const expiration = Math.floor(this.now() / 1_000) + TOLD_DAYS * DAY_SECONDS;
    const item = { id: { S: `told ${findingId}` }, expiration: { N: String(expiration) } };
    await this.client.send(new PutItemCommand({ TableName: this.table, Item: item }));
  }
}
