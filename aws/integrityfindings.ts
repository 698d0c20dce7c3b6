// Integrity findings on the event bus, one PutEvents call each: there are few, and each must be known to be taken.
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { FindingBus } from '../events/digest/doors.ts';
import type { IntegrityFinding } from '../events/digest/index.ts';
import { DeliveryError } from '../events/errors.ts';
import { FINDING_DETAIL_TYPE, FINDING_SOURCE } from '../events/finding.ts';

export class EventBridgeFindings implements FindingBus {
  private readonly client: EventBridgeClient;
  private readonly busName: string;

  constructor(client: EventBridgeClient, busName: string) {
    this.client = client;
    this.busName = busName;
  }

  async put(finding: IntegrityFinding): Promise<void> {
    const entry = {
      EventBusName: this.busName,
      Source: FINDING_SOURCE,
      DetailType: FINDING_DETAIL_TYPE,
      Resources: finding.resources,
      Detail: JSON.stringify(finding),
    };
    const { FailedEntryCount, Entries } = await this.client.send(new PutEventsCommand({ Entries: [entry] }));
    if (!FailedEntryCount) return;
    const { ErrorCode = 'unknown', ErrorMessage = '' } = Entries?.[0] ?? {};
    throw new DeliveryError(`the bus refused a finding: ${ErrorCode}: ${ErrorMessage}`, {
      source: `event bus ${this.busName}`,
      help: 'it is put again with the next check; let the role call events:PutEvents on the bus',
    });
  }
}
