// Public keys as ListPublicKeys answers them, live or kept in a file.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html
import type { PublicKey } from './doors.ts';
import { IntegrityError } from './integrityerrors.ts';

/** One element of `PublicKeyList`. Times are seconds since 1970, or ISO text where awscli wrote them. */
interface ListedKey {
  Fingerprint?: string;
  Value?: string | null;
  ValidityStartTime?: number | string;
  ValidityEndTime?: number | string;
}

const answeredMs = (time: number | string) => (typeof time === 'number' ? time * 1_000 : Date.parse(time));

function toPublicKey(listed: ListedKey | null): PublicKey {
  if (!listed) throw new IntegrityError({ code: 'PUBLIC_KEY_NULL' });
  const { Fingerprint, Value, ValidityStartTime, ValidityEndTime } = listed;
  if (Fingerprint === undefined) throw new IntegrityError({ code: 'ANSWER_LACKS', field: 'Fingerprint' });
  const key: PublicKey = { fingerprint: Fingerprint, ...(typeof Value === 'string' && { value: Value }) };
  if (ValidityStartTime !== undefined) key.validFromMs = answeredMs(ValidityStartTime);
  if (ValidityEndTime !== undefined) key.validUntilMs = answeredMs(ValidityEndTime);
  return key;
}

/** The keys of an answer of ListPublicKeys. @throws IntegrityError for an answer without list or a key without fingerprint */
export function readPublicKeyList(answer: Readonly<Record<string, unknown>>): PublicKey[] {
  const listed = answer['PublicKeyList'];
  if (!Array.isArray(listed)) throw new IntegrityError({ code: 'ANSWER_LACKS', field: 'PublicKeyList' });
  return (listed as (ListedKey | null)[]).map(toPublicKey);
}
