// What checking a trail's integrity asks of the outside world. aws/ and local/ make these doors.
import type { IntegrityFinding } from './findings.ts';

/** An object as stored, never decoded on the way, with its user metadata (names in lower case, without `x-amz-meta-`). */
export interface StoredObject {
  bytes: Uint8Array;
  metadata: Readonly<Record<string, string>>;
}

export interface TrailBuckets {
  /**
   * Keys of the objects with the prefix that sort after the marker, in S3's order, a page at a time.
   * @throws ServiceError when the bucket says no
   */
  listObjects(bucket: string, prefix: string, marker: string): AsyncIterable<string[]>;
  /** Folder names directly under the prefix, which ends with `/`: `a/` gives `b` for `a/b/c`. */
  listFolders(bucket: string, prefix: string): Promise<string[]>;
  /** @throws ServiceError, which tells an object that isn't there (`isMissingObject`) from one that can't be read */
  readObject(bucket: string, key: string): Promise<StoredObject>;
}

/** A public key as ListPublicKeys gives it. */
export interface PublicKey {
  fingerprint: string;
  /** Base64 of a DER PKCS#1 RSAPublicKey, exactly as answered; absent where the answer lacks it. */
  value?: string;
  validFromMs?: number;
  validUntilMs?: number;
}

export interface PublicKeys {
  /** Keys that were in use between two times (milliseconds since 1970). */
  listPublicKeys(startMs: number, endMs: number): Promise<PublicKey[]>;
}

/** Where a trail delivers to. */
export interface Trail {
  bucket: string;
  prefix?: string;
  isOrganizationTrail: boolean;
}

export interface Trails {
  /** The trail with this ARN; undefined when the account has none. */
  describeTrail(arn: string): Promise<Trail | undefined>;
  organizationId(): Promise<string>;
}

export interface FindingBus {
  /** @throws when the bus did not take it: the finding is put again with the next check */
  put(finding: IntegrityFinding): Promise<void>;
}

/** Remembers between checks. */
export interface WatchState {
  /** Milliseconds since 1970 up to which a place was checked; undefined when it never was. */
  reached(place: string): Promise<number | undefined>;
  setReached(place: string, reachedMs: number): Promise<void>;
  wasTold(findingId: string): Promise<boolean>;
  setTold(findingId: string): Promise<void>;
}
