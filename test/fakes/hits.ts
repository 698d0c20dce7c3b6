// Hits made for tests, and a queue that keeps them.
import type { HitQueue } from '../../events/detect/doors.ts';
import type { Hit } from '../../events/detect/index.ts';
import { DeliveryError } from '../../events/errors.ts';
import { KEY } from './records.ts';

/** The hit of the record that stands at `index` of a file. */
export const hitOfRecord = (index: number, change: Partial<Hit> = {}): Hit => ({
  detection: 'iam.user-created',
  severity: 'medium',
  title: `alice made user ${index}`,
  who: 'alice',
  what: 'iam:CreateUser',
  resources: [],
  event: { eventID: `event-${index}`, time: '2026-10-05T12:00:00Z', bucket: 'trail-logs', key: KEY, index },
  marks: [],
  ...change,
});

/** A queue in memory. */
export class KeptHits implements HitQueue {
  readonly hits: Hit[] = [];
  /** How many hits each call had. */
  readonly sizes: number[] = [];
  refusesNext = false;

  async send(hits: readonly Hit[]): Promise<void> {
    const taken = this.refusesNext ? hits.slice(1) : hits;
    this.sizes.push(taken.length);
    this.hits.push(...(JSON.parse(JSON.stringify(taken)) as Hit[]));
    if (!this.refusesNext) return;
    this.refusesNext = false;
    throw new DeliveryError('1 hit not taken');
  }
}
