// Which places deliver, in a DynamoDB table: an item for each account and region, written only by who saw its last version.
import { type DynamoDBClient, GetItemCommand, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { type DeliveringPlace, lastHour, type SeenPlace, startOfHourMs } from '../events/deliveries.ts';
import type { DeliveryLog } from '../events/doors.ts';
import { DeliveryError } from '../events/errors.ts';
import { DAY_SECONDS } from '../events/timeunits.ts';
import { putVersion } from './findingstate.ts';

/** Times a change is tried: others note the same file of the same hour, and then there is nothing left to write. */
const MAX_TRIES = 5;

/** Days after its last file in which a place is remembered: so long its silence stays open. */
export const FORGOTTEN_AFTER_DAYS = 90;

const idOf = ({ account, region }: DeliveringPlace) => `${account} ${region}`;

/** Items have the key `id`; `expiration` is the table's time to live, in seconds since 1970; `value` is JSON. */
export class DynamoDeliveryLog implements DeliveryLog {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async update(place: DeliveringPlace, change: (seen: SeenPlace | undefined) => SeenPlace | undefined): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { version, seen } = await this.read(place);
      const changed = change(seen);
      if (changed === undefined || changed === seen || (await this.write(changed, version))) return;
    }
    throw new DeliveryError(`somebody else wrote \`${idOf(place)}\` on each of ${MAX_TRIES} tries`, { source: `table ${this.table}` });
  }

  private async read(place: DeliveringPlace): Promise<{ version?: number; seen?: SeenPlace }> {
    const key = { id: { S: idOf(place) } };
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.table, Key: key, ConsistentRead: true }));
    return Item === undefined ? {} : { version: Number(Item['version']?.N), seen: seenIn(Item) };
  }

  /** @returns whether nobody else wrote meanwhile */
  private async write(seen: SeenPlace, expected: number | undefined): Promise<boolean> {
    const expiresAt = startOfHourMs(lastHour(seen)) / 1_000 + FORGOTTEN_AFTER_DAYS * DAY_SECONDS;
    const attributes = { value: { S: JSON.stringify(seen) } };
    return (await putVersion(this.client, this.table, { id: idOf(seen), expected, expiresAt, attributes })) !== undefined;
  }

  async places(): Promise<SeenPlace[]> {
    const seen: SeenPlace[] = [];
    let from: ScanCommandOutput['LastEvaluatedKey'];
    do {
      const answer: ScanCommandOutput = await this.client.send(
        new ScanCommand({ TableName: this.table, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
      );
      seen.push(...(answer.Items ?? []).map(seenIn));
      from = answer.LastEvaluatedKey;
    } while (from !== undefined);
    return seen;
  }
}

const seenIn = (item: NonNullable<ScanCommandOutput['Items']>[number]) => JSON.parse(item['value']?.S ?? '') as SeenPlace;
