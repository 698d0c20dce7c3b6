// Notes of files that came, as long as the function's environment lives: each place and hour once.
import { afterDelivery, type Delivery, isTimely } from '../events/deliveries.ts';
import type { DeliveryLog } from '../events/doors.ts';
import { logger } from './handler.ts';

/** Most notes that are kept in mind; then all are forgotten, and cost a read each. */
const MOST_NOTED = 20_000;

/** After a fault nothing is noted for so long: files should not wait for a table that does not answer. */
const REST_MS = 60_000;

export class DeliveryNotes {
  private readonly noted = new Set<string>();
  private readonly log: Pick<DeliveryLog, 'update'>;
  private readonly now: () => number;
  private restsUntilMs = 0;

  /** @param now  milliseconds since 1970 */
  constructor(log: Pick<DeliveryLog, 'update'>, now: () => number = Date.now) {
    this.log = log;
    this.now = now;
  }

  /** @throws what the log does, and rests then; nothing is thrown while it rests */
  async note(delivery: Delivery): Promise<void> {
    const id = `${delivery.account} ${delivery.region} ${delivery.hour}`;
    const nowMs = this.now();
    if (this.noted.has(id) || nowMs < this.restsUntilMs || !isTimely(delivery, nowMs)) return;
    try {
      await this.log.update(delivery, (seen) => afterDelivery(seen, delivery));
      if (this.noted.size >= MOST_NOTED) this.noted.clear();
      this.noted.add(id);
    } catch (error) {
      this.restsUntilMs = nowMs + REST_MS;
      logger.warn('delivery not noted', { account: delivery.account, region: delivery.region, error: error as Error });
      throw error;
    }
  }
}
