// What checking a trail's integrity asks of the outside world. aws/ and local/ make these doors.
import { TrailbusError } from '../errors.ts';

/** A service that answered with an error; the message is worded as botocore words it, so that it can be printed as awscli does. */
export class ServiceError extends TrailbusError {
  /** The service's error code: `NoSuchKey`, `AccessDenied`. */
  readonly code: string;

  constructor(code: string, operation: string, message: string, retries = '') {
    super(`An error occurred (${code}) when calling the ${operation} operation${retries}: ${message}`);
    this.code = code;
  }
}

/** A stop that ends the whole check, with the text awscli would print. */
export class FatalError extends TrailbusError {}

/** The check could not begin for want of credentials or a region. */
export class SetupError extends FatalError {}

/** An object as stored, never decoded on the way, with its user metadata (names in lower case, without `x-amz-meta-`). */
export interface StoredObject {
  bytes: Uint8Array;
  metadata: Readonly<Record<string, string>>;
}

export interface TrailBuckets {
  /**
   * Keys with the prefix that sort after the marker, in S3's order, a page at a time.
   * @throws ServiceError when the bucket says no
   */
  listKeys(bucket: string, prefix: string, marker: string): AsyncIterable<string[]>;
  /** Folder names directly under the prefix, which ends with `/`: `a/` gives `b` for `a/b/c`. */
  listFolders(bucket: string, prefix: string): Promise<string[]>;
  /** @throws ServiceError with code `NoSuchKey` when it isn't there; any other code when it can't be read */
  readObject(bucket: string, key: string): Promise<StoredObject>;
}

/** A public key as ListPublicKeys gives it. */
export interface PublicKey {
  fingerprint: string;
  /** Base64 of a DER PKCS#1 RSAPublicKey, exactly as answered; absent where the answer lacks it. */
  value?: string;
  validFromMillis?: number;
  validUntilMillis?: number;
}

export interface PublicKeys {
  /** Keys that were in use between two times (milliseconds since 1970). */
  listPublicKeys(startMillis: number, endMillis: number): Promise<PublicKey[]>;
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
