// The parked entries in the cloud: an SQS message for every entry the bus refused for good.
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ParkedEntries } from '../../events/doors.ts';
import { type Entry, toWire } from '../../events/entry.ts';
import type { S3Quarantine } from '../quarantine.ts';
import { sqsJson } from './sqsjson.ts';

/** Largest message in bytes. Source: SQS API reference, SendMessage: 1,048,576 bytes (read 2026-11-22; 262,144 before August 2025). */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Reason of a record that was parked but is too large for the queue: it lies in the quarantine, the message points at it. */
const TOO_LARGE_TO_PARK = 'PARKED_TOO_LARGE';

/**
 * Parks entries in a queue, as JSON `{reason, ref, index, entry: {Source, DetailType, Time, Resources, Detail}}`: what it takes to put the entry
 * again once the reason is mended. A message that would be over SQS's limit has `record: {bucket, key}` in the quarantine instead of `entry`.
 */
export class SqsParkedEntries implements ParkedEntries {
  private readonly client: SQSClient;
  private readonly queueUrl: string;
  private readonly quarantine: S3Quarantine;

  constructor(client: SQSClient, queueUrl: string, quarantine: S3Quarantine) {
    this.client = client;
    this.queueUrl = queueUrl;
    this.quarantine = quarantine;
  }

  async park(entry: Entry, reason: string): Promise<void> {
    const place = { reason, ref: entry.ref, index: entry.record.index };
    const whole = sqsJson({ ...place, entry: toWire(entry) });
    const body = Buffer.byteLength(whole) <= MAX_MESSAGE_BYTES ? whole : await this.pointer(entry, place);
    await this.client.send(new SendMessageCommand({ QueueUrl: this.queueUrl, MessageBody: body }));
  }

  private async pointer(entry: Entry, place: object): Promise<string> {
    const { ref, record } = entry;
    await this.quarantine.keepRecord(ref, record.index, TOO_LARGE_TO_PARK, record.bytes);
    return sqsJson({ ...place, record: this.quarantine.addressOf(ref, record.index, TOO_LARGE_TO_PARK) });
  }
}
