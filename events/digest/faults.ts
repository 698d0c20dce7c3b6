// Everything that can be wrong with a digest, a log file, a signature, a key, a link, a listing, an answer or a call: codes with their details.
// Said twice: `plainwords.ts` has our words, for findings and logs; `awscli/words.ts` those that awscli prints.

/** The code says it all. */
type NoDetails = Record<never, never>;

/** What was wrong with a text that should be XML. */
export type XmlComplaint = 'no element' | 'text outside' | 'second root' | 'wrong end' | 'no markup';

/** What each fault tells besides its code. A `value` is whatever stood in the JSON. */
export interface FaultDetails {
  // A digest or a log file
  FILE_NOT_FOUND: NoDetails;
  NOT_GZIP: { why: string };
  CUT_SHORT: NoDetails;

  // A digest
  DIGEST_NOT_JSON: NoDetails;
  DIGEST_NOT_OBJECT: { value: unknown };
  DIGEST_FIELD_MISSING: { field: string };
  DIGEST_MOVED: { bucket: unknown; key: unknown };
  /** A backfill digest whose metadata doesn't say when it was made. */
  BACKFILL_TIME_MISSING: NoDetails;
  /** A digest that is none of backfill, to which a backfill digest links. */
  NOT_BACKFILL: NoDetails;

  // Times
  TIME_NOT_TEXT: { field: string; value: unknown };
  DATE_UNREADABLE: { text: string };
  /** `limit`: bits of the number that Python keeps such a part of a date in. */
  DATE_TOO_LARGE: { text: string; limit: 32 | 64 };
  DATE_OUT_OF_RANGE: NoDetails;
  DATES_NOT_COMPARABLE: NoDetails;

  // A signature and its public key
  SIGNATURE_MISSING: NoDetails;
  SIGNATURE_WRONG: NoDetails;
  SIGNATURE_NOT_ASCII: NoDetails;
  SIGNATURE_ODD_LENGTH: NoDetails;
  SIGNATURE_NOT_HEX: NoDetails;
  /** Half a character, which has no UTF-8, stands in what is signed. */
  SIGNED_TEXT_BROKEN: { charCode: number; position: number };
  FINGERPRINT_NOT_TEXT: { value: unknown };
  PUBLIC_KEY_UNKNOWN: { region: string; fingerprint: unknown };
  /** The service knew no key that was in use then. */
  NO_PUBLIC_KEYS: { from: string; to: string };
  PUBLIC_KEY_WITHOUT_VALUE: { fingerprint: unknown };
  PUBLIC_KEY_UNREADABLE: { fingerprint: unknown; why: string };
  PUBLIC_KEY_NOT_ASCII: NoDetails;
  PUBLIC_KEY_PADDING: NoDetails;
  PUBLIC_KEY_LENGTH: { letters: number };
  PUBLIC_KEY_TOO_SMALL: { neededBytes: number; roomBytes: number };

  // The list of log files in a digest
  LOG_LIST_MISSING: NoDetails;
  LOG_LIST_WRONG: { value: unknown };
  LISTED_LOG_NOT_OBJECT: { value: unknown };
  LISTED_LOG_FIELD_MISSING: { field: string };

  // A log file
  TRAILING_DATA: NoDetails;
  HASH_MISSING: NoDetails;
  HASH_DIFFERS: NoDetails;
  /** It could not be read, which a check as awscli's counts as a wrong format. */
  LOG_FAILED: { why: IntegrityFault };
  /** It could not be read, and the check tells why. */
  LOG_UNREADABLE: { why: IntegrityFault };

  // Names of buckets and objects, and links
  BUCKET_NOT_TEXT: { value: unknown };
  BUCKET_NAME_WRONG: { name: string };
  KEY_NOT_TEXT: { value: unknown };
  KEY_EMPTY: NoDetails;
  LINK_NOT_TEXT: { value: unknown };

  // What was asked for
  START_AFTER_END: NoDetails;
  TRAIL_ARN_WRONG: { arn: string };
  TRAIL_UNKNOWN: { arn: string };
  ACCOUNT_NOT_NAMED: NoDetails;

  // Set-up
  REGION_MISSING: NoDetails;
  REGION_NAME_WRONG: { region: string };
  ENDPOINT_WITHOUT_SCHEME: { url: string };
  PROFILE_UNKNOWN: { profile: string };
  CREDENTIALS_MISSING: NoDetails;
  CREDENTIALS_PARTIAL: { missing: string };
  ATTEMPTS_NOT_NUMBER: { text: string };
  ATTEMPTS_TOO_FEW: { attempts: number };

  // No answer
  NOT_CONNECTED: { url: string };
  CONNECT_TIMEOUT: { url: string };
  READ_TIMEOUT: { url: string };
  CONNECTION_CLOSED: { url: string };
  BODY_CUT: { readBytes: number; missingBytes: number };
  ARN_BUCKET_AT_ENDPOINT: { bucket: string };

  // Answers
  SERVICE_REFUSED: ServiceRefusal;
  SERVICE_MESSAGE_EMPTY: NoDetails;
  REDIRECT_WITHOUT_ENDPOINT: NoDetails;
  LISTING_REPEATS: { marker: string };
  ANSWER_NOT_XML: { complaint: XmlComplaint; line: number; column: number };
  ANSWER_NOT_OBJECT: { value: unknown };
  ANSWER_LACKS: { field: string };
  PUBLIC_KEY_NULL: NoDetails;
  TRAIL_NULL: NoDetails;

  // Anything else, in the words of whatever failed
  UNEXPECTED: { message: string };
}

/** A service's error. */
export interface ServiceRefusal {
  /** As AWS names it: `GetObject`. */
  operation: string;
  /** The service's own code: `NoSuchKey`, `AccessDenied`; absent where it left it empty. */
  errorCode: string | undefined;
  /** The service's own message: text, unless it said something else. */
  said: unknown;
  /** How often it was asked again, where that might have helped. */
  retries?: number;
  /** Where S3 says the bucket is, for a redirect that can't be followed. */
  movedTo?: string;
}

export type FaultCode = keyof FaultDetails;

/** What is wrong, as a code with its details. */
export type IntegrityFault = { [Code in FaultCode]: { code: Code } & FaultDetails[Code] }[FaultCode];

export type FaultOf<Code extends FaultCode> = Extract<IntegrityFault, { code: Code }>;

/** Words for every fault there is. */
export type FaultWords = { readonly [Code in FaultCode]: (fault: FaultOf<Code>) => string };

/** Says a fault in the words of a table. */
export const say = (words: FaultWords, fault: IntegrityFault): string => (words[fault.code] as (fault: IntegrityFault) => string)(fault);
