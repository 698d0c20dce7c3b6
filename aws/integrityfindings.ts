// Integrity findings on the event bus, told as all findings are, one at a time: there are few, and each must be known to be taken.
import type { DeliveryPolicy, PutEntries, Waits } from '../events/bus/delivery.ts';
import type { TellFindings } from '../events/detect/doors.ts';
import type { FindingBus } from '../events/digest/doors.ts';
import type { IntegrityFinding } from '../events/digest/index.ts';
import { findingTeller } from './findingteller.ts';

export class EventBridgeFindings implements FindingBus {
  private readonly tell: TellFindings;

  /** @param put  see `eventBridgePut` */
  constructor(put: PutEntries, policy: Waits & Partial<DeliveryPolicy>) {
    this.tell = findingTeller(put, policy);
  }

  put(finding: IntegrityFinding): Promise<void> {
    return this.tell([finding]);
  }
}
