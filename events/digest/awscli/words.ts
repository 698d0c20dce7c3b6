// Every fault in the words that awscli 1.46.3 prints: its own, botocore's, dateutil's, urllib3's, expat's, and what Python says of an exception.
import type { FaultWords, IntegrityFault, ServiceRefusal, XmlComplaint } from '../faults.ts';
import { say } from '../faults.ts';
import { IntegrityError } from '../integrityerrors.ts';
import type { DigestOutcome, GapOutcome, LogOutcome, Outcome } from '../verdicts.ts';
import { PARAMETER_WORDS } from './parameters.ts';
import { pythonText, pythonType } from './pythontext.ts';

/** expat's, with the place. */
const EXPAT: Record<XmlComplaint, string> = {
  'no element': 'no element found',
  'text outside': 'syntax error',
  'second root': 'junk after document element',
  'wrong end': 'mismatched tag',
  'no markup': 'not well-formed (invalid token)',
};

/** Python's complaints on `log['s3Bucket']` when the log is no object. */
const NO_SUBSCRIPT: Record<string, string> = {
  str: "string indices must be integers, not 'str'",
  list: 'list indices must be integers or slices, not str',
};

const INVALID = 'invalid format';
const UNVERIFIED = 'signature verification failed';
const NOT_ASCII = 'string argument should contain only ASCII characters';
const REGION_HELP =
  'You can fix this issue by explicitly providing the correct region location using the --region argument, the AWS_DEFAULT_REGION environment variable, ' +
  'or the region variable in the AWS CLI configuration file.  You can get the bucket\'s location by running "aws s3api get-bucket-location --bucket BUCKET".';

/** What is missing in a dictionary, as a KeyError shows it. */
const keyError = ({ field }: { field: string }): string => `'${field}'`;

function refusal({ operation, errorCode, said, retries, movedTo }: ServiceRefusal): string {
  const message = pythonText(said);
  // The last letter of S3's own message goes where a place is put behind it.
  const whole = movedTo === undefined ? message : `${message.slice(0, -1)}: ${movedTo}\n${REGION_HELP}`;
  const tries = retries === undefined ? '' : ` (reached max retries: ${retries})`;
  return `An error occurred (${errorCode ?? 'None'}) when calling the ${operation} operation${tries}: ${whole}`;
}

const AWSCLI_WORDS: FaultWords = {
  FILE_NOT_FOUND: () => 'not found',
  NOT_GZIP: () => INVALID,
  CUT_SHORT: () => INVALID,

  DIGEST_NOT_JSON: () => INVALID,
  DIGEST_NOT_OBJECT: ({ value }) =>
    Array.isArray(value) ? NO_SUBSCRIPT['list']! : `'${pythonType(value)}' object does not support item assignment`,
  DIGEST_FIELD_MISSING: () => INVALID,
  DIGEST_MOVED: () => 'has been moved from its original location',
  BACKFILL_TIME_MISSING: () => INVALID,
  NOT_BACKFILL: () => "'_backfill_generation_timestamp'",

  TIME_NOT_TEXT: ({ value }) => `Parser must be a string or character stream, not ${pythonType(value)}`,
  DATE_UNREADABLE: ({ text }) => `Unable to parse date value: ${text}`,
  DATE_TOO_LARGE: ({ limit }) => (limit === 64 ? 'Python int too large to convert to C long' : 'signed integer is greater than maximum'),
  DATE_OUT_OF_RANGE: () => 'date value out of range',
  DATES_NOT_COMPARABLE: () => "can't compare offset-naive and offset-aware datetimes",

  SIGNATURE_MISSING: () => UNVERIFIED,
  SIGNATURE_WRONG: () => UNVERIFIED,
  SIGNATURE_NOT_ASCII: () => NOT_ASCII,
  SIGNATURE_ODD_LENGTH: () => 'Odd-length string',
  SIGNATURE_NOT_HEX: () => 'Non-hexadecimal digit found',
  SIGNED_TEXT_BROKEN: ({ charCode, position }) =>
    `'utf-8' codec can't encode character '\\u${charCode.toString(16)}' in position ${position}: surrogates not allowed`,
  FINGERPRINT_NOT_TEXT: ({ value }) => `unhashable type: '${pythonType(value)}'`,
  PUBLIC_KEY_UNKNOWN: ({ region, fingerprint }) => `public key not found in region ${region} for fingerprint ${pythonText(fingerprint)}`,
  NO_PUBLIC_KEYS: ({ from, to }) => `No public keys found between ${from} and ${to}`,
  PUBLIC_KEY_WITHOUT_VALUE: () => keyError({ field: 'Value' }),
  PUBLIC_KEY_UNREADABLE: ({ fingerprint }) => `Unable to load PKCS #1 key with fingerprint ${pythonText(fingerprint)}`,
  PUBLIC_KEY_NOT_ASCII: () => NOT_ASCII,
  PUBLIC_KEY_PADDING: () => 'Incorrect padding',
  PUBLIC_KEY_LENGTH: ({ letters }) =>
    `Invalid base64-encoded string: number of data characters (${letters}) cannot be 1 more than a multiple of 4`,
  PUBLIC_KEY_TOO_SMALL: ({ neededBytes, roomBytes }) => `${neededBytes} bytes needed for message, but there is only space for ${roomBytes}`,

  LOG_LIST_MISSING: () => keyError({ field: 'logFiles' }),
  LOG_LIST_WRONG: ({ value }) => `'${pythonType(value)}' object is not iterable`,
  LISTED_LOG_NOT_OBJECT: ({ value }) => NO_SUBSCRIPT[pythonType(value)] ?? `'${pythonType(value)}' object is not subscriptable`,
  LISTED_LOG_FIELD_MISSING: keyError,

  TRAILING_DATA: () => 'unexpected data after end of compressed stream',
  HASH_MISSING: () => INVALID,
  HASH_DIFFERS: () => "hash value doesn't match",
  LOG_FAILED: () => INVALID,
  // A check of our own, which awscli doesn't have.
  LOG_UNREADABLE: ({ why }) => `could not be read: ${awscliWords(why)}`,

  ...PARAMETER_WORDS,
  LINK_NOT_TEXT: ({ value }) => `'${pythonType(value)}' object has no attribute 'endswith'`,

  START_AFTER_END: () => 'Invalid time range specified: start-time must occur before end-time',
  TRAIL_ARN_WRONG: ({ arn }) => `Invalid trail ARN provided: ${arn}`,
  TRAIL_UNKNOWN: ({ arn }) => `A trail could not be found for ${arn}`,
  ACCOUNT_NOT_NAMED: () => "Missing required parameter for organization trail: '--account-id'",

  REGION_MISSING: () => 'You must specify a region. You can also configure your region by running "aws configure".',
  REGION_NAME_WRONG: ({ region }) => `Provided region_name '${region}' doesn't match a supported format.`,
  ENDPOINT_WITHOUT_SCHEME: ({ url }) =>
    `Bad value for --endpoint-url "${url}": scheme is missing.  Must be of the form http://<hostname>/ or https://<hostname>/`,
  PROFILE_UNKNOWN: ({ profile }) => `The config profile (${profile}) could not be found`,
  CREDENTIALS_MISSING: () => 'Unable to locate credentials. You can configure credentials by running "aws configure".',
  CREDENTIALS_PARTIAL: ({ missing }) => `Partial credentials found in env, missing: ${missing}`,
  ATTEMPTS_NOT_NUMBER: ({ text }) => `invalid literal for int() with base 10: '${text}'`,
  ATTEMPTS_TOO_FEW: ({ attempts }) => `Value provided to "max_attempts": ${attempts} must be an integer greater than or equal to 1.`,

  NOT_CONNECTED: ({ url }) => `Could not connect to the endpoint URL: "${url}"`,
  CONNECT_TIMEOUT: ({ url }) => `Connect timeout on endpoint URL: "${url}"`,
  READ_TIMEOUT: ({ url }) => `Read timeout on endpoint URL: "${url}"`,
  CONNECTION_CLOSED: ({ url }) => `Connection was closed before we received a valid response from endpoint URL: "${url}".`,
  BODY_CUT: ({ readBytes, missingBytes }) => {
    const broken = `IncompleteRead(${readBytes} bytes read, ${missingBytes} more expected)`;
    return `An error occurred while reading from response stream: ('Connection broken: ${broken}', ${broken})`;
  },
  ARN_BUCKET_AT_ENDPOINT: () => 'Path-style addressing cannot be used with ARN buckets',

  SERVICE_REFUSED: refusal,
  // awscli looks for words in the message, which is Python's None.
  SERVICE_MESSAGE_EMPTY: () => "argument of type 'NoneType' is not iterable",
  REDIRECT_WITHOUT_ENDPOINT: () => keyError({ field: 'Endpoint' }),
  LISTING_REPEATS: ({ marker }) => `Error during pagination: The same next token was received twice: {'Marker': '${marker}'}`,
  ANSWER_NOT_XML: ({ complaint, line, column }) => `${EXPAT[complaint]}: line ${line}, column ${column}`,
  ANSWER_NOT_OBJECT: ({ value }) => `'${pythonType(value)}' object has no attribute 'get'`,
  ANSWER_LACKS: keyError,
  PUBLIC_KEY_NULL: () => "'NoneType' object is not subscriptable",
  TRAIL_NULL: () => "'NoneType' object has no attribute 'get'",

  UNEXPECTED: ({ message }) => message,
};

/** A fault as awscli prints it: behind `INVALID: `, or alone where it ends the check. */
export function awscliWords(fault: IntegrityFault): string {
  return say(AWSCLI_WORDS, fault);
}

/** Whatever was thrown as awscli prints it. */
export function awscliMessage(error: unknown): string {
  if (error instanceof IntegrityError) return awscliWords(error.fault);
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE') return '[Errno 32] Broken pipe';
  return error instanceof Error ? error.message : String(error);
}

/** An outcome about a file with everything in it told as awscli tells it. */
type InWords<FileOutcome extends DigestOutcome | LogOutcome> = Omit<FileOutcome, 'bucket' | 'key' | 'fault'> & {
  bucket: string;
  key: string;
  /** Why the file is invalid; absent when it is valid. */
  reason?: string;
};

export type ToldOutcome = InWords<DigestOutcome> | InWords<LogOutcome> | GapOutcome;

/** The outcome with names and reason as awscli writes them. */
export function tellOutcome(outcome: Outcome): ToldOutcome {
  if (outcome.kind === 'gap') return outcome;
  const { bucket, key, fault, ...rest } = outcome;
  const names = { bucket: pythonText(bucket), key: pythonText(key) };
  return { ...rest, ...names, ...(fault !== undefined && { reason: awscliWords(fault) }) };
}
