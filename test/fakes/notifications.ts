// Notifications made for tests from the whole payloads in test/fixtures/notifications/.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Fields = Record<string, unknown>;
interface S3Record extends Fields {
  s3: { bucket: Fields; object: Fields };
}

const FOLDER = join(import.meta.dirname, '../fixtures/notifications');
const payload = <T = Fields>(name: string): T => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as T;
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** What the payloads say of the object they announce. */
export const ANNOUNCED = {
  bucket: 'trail-logs',
  key: (payload('cloudtrail-new-log')['s3ObjectKey'] as string[])[0]!,
  versionId: '096fKKXTRTtl3on89fVO.nfljtsv6qko',
  eTag: 'd41d8cd98f00b204e9800998ecf8427e',
  sizeBytes: 5120,
};

/** An S3 event about one object, with other fields of the object, another bucket's name, other fields of the record. */
export function s3Event(object: Fields = {}, { bucket = ANNOUNCED.bucket, ...change }: Fields = {}): { Records: S3Record[] } {
  const [record] = payload<{ Records: S3Record[] }>('s3-event').Records;
  const { s3 } = record!;
  return {
    Records: [{ ...record, s3: { ...s3, bucket: { ...s3.bucket, name: bucket }, object: { ...s3.object, ...object } }, ...change }],
  };
}

export const s3TestEvent = (): Fields => payload('s3-test-event');

/** CloudTrail's own message about new log files. */
export const newLog = (change: Fields = {}): Fields => ({ ...payload('cloudtrail-new-log'), ...change });

/** EventBridge's event about an object. */
export const objectCreated = (change: Fields = {}): Fields => ({ ...payload('eventbridge-object-created'), ...change });

/** A message as a topic delivers it to a queue: in an envelope of JSON. */
export const snsEnvelope = (message: unknown): Fields => ({ ...payload('sns-notification'), Message: text(message) });

export const subscriptionConfirmation = (): Fields => payload('sns-subscription-confirmation');

/** What a function gets that is subscribed to a topic. */
export function snsEvent(message: unknown): Fields {
  const [record] = payload<{ Records: { Sns: Fields }[] }>('lambda-sns-event').Records;
  return { Records: [{ ...record, Sns: { ...record!.Sns, Message: text(message) } }] };
}

/** What a function gets from a queue: messages `m1`, `m2`, …, with bodies given as text or as what they are the JSON of. */
export function sqsEvent(...bodies: unknown[]): { Records: Fields[] } {
  const [record] = payload<{ Records: Fields[] }>('lambda-sqs-event').Records;
  return { Records: bodies.map((body, index) => ({ ...record, messageId: `m${index + 1}`, body: text(body) })) };
}
