// What windows count by: fields of the record, or what is worked out of it.
import type { ObjectKey } from '../objectkey.ts';
import { principalOf } from './actor.ts';
import { textAt } from './record.ts';

/** What `by`, `distinct` and `firstSeen` may name besides fields; what the record doesn't say the file's key may. */
const COMPUTED: Record<string, (record: unknown, key: ObjectKey) => string | undefined> = {
  principal: principalOf,
  account: (record, key) => textAt(record, 'recipientAccountId') ?? key.account,
  region: (record, key) => textAt(record, 'awsRegion') ?? key.region,
  address: (record) => textAt(record, 'sourceIPAddress'),
};

export const COMPUTED_NAMES = Object.keys(COMPUTED);

export const isComputed = (name: string): boolean => Object.hasOwn(COMPUTED, name);

/** Whether `userIdentity` alone says it. */
export const isOfCaller = (name: string): boolean => name === 'principal' || name.startsWith('userIdentity.');

/** The value of a field, or of one of `COMPUTED_NAMES`. */
export const valueBy = (record: unknown, key: ObjectKey, by: string): string | undefined =>
  isComputed(by) ? COMPUTED[by]!(record, key) : textAt(record, by);
