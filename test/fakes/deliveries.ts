// Which places deliver, in memory.
import type { DeliveringPlace, SeenPlace } from '../../events/deliveries.ts';
import type { DeliveryLog } from '../../events/doors.ts';

export class KeptDeliveries implements DeliveryLog {
  readonly seen = new Map<string, SeenPlace>();
  /** Changes that were asked for. */
  updates = 0;
  fault: Error | undefined;

  async update(place: DeliveringPlace, change: (seen: SeenPlace | undefined) => SeenPlace | undefined) {
    this.updates++;
    if (this.fault !== undefined) throw this.fault;
    const id = `${place.account} ${place.region}`;
    const changed = change(this.seen.get(id));
    if (changed !== undefined) this.seen.set(id, changed);
  }

  async places() {
    return [...this.seen.values()];
  }
}
