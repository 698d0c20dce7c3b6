// What a run saw: records per service, account and region, and the span of their times.
import type { Entry } from '../events/entry.ts';

export class Summary {
  readonly services = new Map<string, number>();
  readonly accounts = new Map<string, number>();
  readonly regions = new Map<string, number>();
  /** Earliest and latest eventTime, RFC 3339; undefined before a record with a sound time was seen. */
  earliest: string | undefined;
  latest: string | undefined;

  add({ record, time }: Entry): void {
    count(this.services, record.field('eventSource'));
    count(this.accounts, record.field('recipientAccountId') ?? record.field('accountId'));
    count(this.regions, record.field('awsRegion'));
    if (time === undefined) return;
    if (this.earliest === undefined || time < this.earliest) this.earliest = time;
    if (this.latest === undefined || time > this.latest) this.latest = time;
  }
}

const count = (counts: Map<string, number>, name = '(none)') => counts.set(name, (counts.get(name) ?? 0) + 1);
