// The hit queue in the cloud: SQS, with as few calls as its limits allow.
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import { type Waits, waitToRetry } from '../../events/bus/delivery.ts';
import type { HitQueue } from '../../events/detect/doors.ts';
import type { Hit } from '../../events/detect/index.ts';
import { DeliveryError } from '../../events/errors.ts';
import { realWaits } from '../bus.ts';
import { hitMessages } from './hitmessages.ts';

/**
 * Most messages in one SendMessageBatch call, and largest sum of them: the service takes 1 MiB, and took 256 KiB until August 2025.
 * Source: SQS API reference, SendMessageBatch (read 2026-11-28).
 */
const MAX_MESSAGES = 10;
const MAX_CALL_BYTES = 250_000;

/** Tries of a call whose messages were refused for a passing reason, the first included. */
const MAX_TRIES = 5;

export interface SqsHitQueueOptions extends Waits {
  /** Milliseconds left before the work must have stopped. */
  timeLeftMs: () => number;
}

export class SqsHitQueue implements HitQueue {
  private readonly client: SQSClient;
  private readonly queueUrl: string;
  private readonly options: SqsHitQueueOptions;

  constructor(client: SQSClient, queueUrl: string, options: Partial<SqsHitQueueOptions> = {}) {
    this.client = client;
    this.queueUrl = queueUrl;
    this.options = { ...realWaits, timeLeftMs: () => Number.POSITIVE_INFINITY, ...options };
  }

  async send(hits: readonly Hit[]): Promise<void> {
    for (const bodies of callsOf(hitMessages(hits))) await this.sendAll(bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody })));
  }

  private async sendAll(messages: SendMessageBatchRequestEntry[]): Promise<void> {
    let left = messages;
    for (let tries = 1; ; tries++) {
      const refused = await this.sendOnce(left);
      if (refused.size === 0) return;
      left = left.filter(({ Id }) => refused.has(Id!));
      const [{ reason, isFinal }] = [...refused.values()].sort((a, b) => Number(b.isFinal) - Number(a.isFinal)) as [Refusal];
      if (isFinal || tries === MAX_TRIES) throw this.unsent(left.length, reason);
      await waitToRetry(tries, this.options, () => this.unsent(left.length, `no time left to try again: ${reason}`));
    }
  }

  /** @returns the messages that were not taken, by id */
  private async sendOnce(messages: SendMessageBatchRequestEntry[]): Promise<Map<string, Refusal>> {
    try {
      const { Failed = [] } = await this.client.send(new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries: messages }));
      return new Map(
        Failed.map(({ Id = '', Code, Message, SenderFault }) => [
          Id,
          { reason: `${Code}: ${Message ?? 'no message'}`, isFinal: SenderFault === true },
        ]),
      );
    } catch (cause) {
      // The SDK has tried it again already.
      throw this.unsent(messages.length, `${(cause as Error).name}: ${(cause as Error).message}`, cause);
    }
  }

  private unsent(count: number, reason: string, cause?: unknown): DeliveryError {
    return new DeliveryError(`${count} ${count === 1 ? 'message' : 'messages'} of hits not taken: ${reason}`, {
      source: this.queueUrl,
      cause,
      help: 'the file is not marked done and comes again; let the role call sqs:SendMessage on the hit queue',
    });
  }
}

interface Refusal {
  reason: string;
  /** Trying again would not help. */
  isFinal: boolean;
}

/** The bodies of each call. */
function callsOf(bodies: readonly string[]): string[][] {
  const calls: string[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const more = Buffer.byteLength(body);
    const last = calls.at(-1);
    if (last === undefined || last.length === MAX_MESSAGES || bytes + more > MAX_CALL_BYTES) {
      calls.push([body]);
      bytes = more;
    } else {
      last.push(body);
      bytes += more;
    }
  }
  return calls;
}
