// Our own words for every fault: what is wrong, where, and what to do next where that isn't plain. Findings and logs speak so.
import { type FaultWords, type IntegrityFault, type ServiceRefusal, say, type XmlComplaint } from './faults.ts';

/** Most characters of somebody's text that a message shows: a finding must not outgrow the bus. */
const MAX_SHOWN = 300;

/** A value as a digest's JSON has it; a text without its quotes. */
export const valueText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));

function shown(value: unknown): string {
  const text = valueText(value);
  return `\`${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}\``;
}

const XML_COMPLAINTS: Record<XmlComplaint, string> = {
  'no element': 'an element is missing or not closed',
  'text outside': 'text stands outside of its element',
  'second root': 'something follows its element',
  'wrong end': 'an element is closed that is not open',
  'no markup': 'a `<` begins nothing',
};

function refusal({ operation, errorCode, said, retries, movedTo }: ServiceRefusal): string {
  const tries = retries === undefined ? '' : `, after ${retries + 1} tries`;
  const place = movedTo === undefined ? '' : `; the bucket is at ${movedTo}: name its region`;
  return `${operation} was answered with the error ${errorCode || 'of no name'}${tries}: ${typeof said === 'string' ? said : shown(said)}${place}`;
}

const REGION_NEXT = 'name a region as in `eu-west-1`';
const TRY_AGAIN = 'check the network, and try again';

export const PLAIN_WORDS: FaultWords = {
  FILE_NOT_FOUND: () => 'the file is missing: it was deleted, or renamed',
  NOT_GZIP: ({ why }) => `the file is not intact gzip: ${why}`,
  CUT_SHORT: () => 'the file is cut short',

  DIGEST_NOT_JSON: () => 'the digest is not JSON',
  DIGEST_NOT_OBJECT: ({ value }) => `the digest is not a JSON object but ${shown(value)}`,
  DIGEST_FIELD_MISSING: ({ field }) => `the digest lacks its field \`${field}\``,
  DIGEST_MOVED: ({ bucket, key }) =>
    `the digest was moved or copied here: it says it lies at ${shown(`s3://${valueText(bucket)}/${valueText(key)}`)}`,
  BACKFILL_TIME_MISSING: () => 'the metadata lacks `backfill-generation-timestamp`',
  NOT_BACKFILL: () => 'a digest of late log files links to this one, which is no such digest',

  TIME_NOT_TEXT: ({ field, value }) => `the digest's \`${field}\` must be a text, got ${shown(value)}`,
  DATE_UNREADABLE: ({ text }) => `${shown(text)} is no date`,
  DATE_TOO_LARGE: ({ text }) => `the date ${shown(text)} holds a number that is too large`,
  DATE_OUT_OF_RANGE: () => 'a time lies before the year 1 or after the year 9999',
  DATES_NOT_COMPARABLE: () => 'a time in the digest names no time zone, so that it cannot be compared',

  SIGNATURE_MISSING: () => 'the metadata lacks the signature: it was taken away, or the file was copied without it',
  SIGNATURE_WRONG: () => 'the signature does not fit: the digest, its signature or a file before it was changed',
  SIGNATURE_NOT_ASCII: () => 'the signature is not hexadecimal: it holds letters beyond ASCII',
  SIGNATURE_ODD_LENGTH: () => 'the signature is not hexadecimal: it has an odd number of digits',
  SIGNATURE_NOT_HEX: () => 'the signature is not hexadecimal',
  SIGNED_TEXT_BROKEN: ({ charCode, position }) =>
    `the digest holds half a character (U+${charCode.toString(16).toUpperCase()}, at ${position} of what is signed), which nobody can have signed`,
  FINGERPRINT_NOT_TEXT: ({ value }) => `the fingerprint of the digest's public key must be a text, got ${shown(value)}`,
  PUBLIC_KEY_UNKNOWN: ({ fingerprint }) =>
    `CloudTrail published no public key ${shown(fingerprint)} for this time and region: the digest may be forged`,
  NO_PUBLIC_KEYS: ({ from, to }) => `CloudTrail has no public key that was in use from ${from} to ${to}; check the region that is asked`,
  PUBLIC_KEY_WITHOUT_VALUE: ({ fingerprint }) => `CloudTrail told no value for the public key ${shown(fingerprint)}`,
  PUBLIC_KEY_UNREADABLE: ({ fingerprint, why }) => `the public key ${shown(fingerprint)} can't be read: ${why}`,
  PUBLIC_KEY_NOT_ASCII: () => 'the public key is not base64: it holds letters beyond ASCII',
  PUBLIC_KEY_PADDING: () => 'the public key is not base64: it is cut, or its padding is missing',
  PUBLIC_KEY_LENGTH: ({ letters }) => `the public key is not base64: ${letters} letters are one too many`,
  PUBLIC_KEY_TOO_SMALL: ({ neededBytes, roomBytes }) =>
    `the public key is too small for the signature's hash: ${neededBytes} bytes are needed, ${roomBytes} fit`,

  LOG_LIST_MISSING: () => 'a digest lacks its field `logFiles`, though its signature fits',
  LOG_LIST_WRONG: ({ value }) => `a digest's \`logFiles\` must be a list, got ${shown(value)}`,
  LISTED_LOG_NOT_OBJECT: ({ value }) => `a digest's \`logFiles\` holds ${shown(value)}, which names no log file`,
  LISTED_LOG_FIELD_MISSING: ({ field }) => `a digest lists a log file without \`${field}\``,

  TRAILING_DATA: () => 'something was added after the end of the compressed data',
  HASH_MISSING: () => 'the digest lists the file without its hash',
  HASH_DIFFERS: () => 'the content is not what the digest says: the file was changed, or cut short',
  LOG_FAILED: ({ why }) => `the file can't be read: ${plainWords(why)}`,
  LOG_UNREADABLE: ({ why }) => `the file can't be read: ${plainWords(why)}`,

  BUCKET_NOT_TEXT: ({ value }) => `a bucket's name must be a text, got ${shown(value)}`,
  BUCKET_NAME_WRONG: ({ name }) => `no bucket can have the name ${shown(name)}`,
  KEY_NOT_TEXT: ({ value }) => `an object's key must be a text, got ${shown(value)}`,
  KEY_EMPTY: () => "an object's key must not be empty",
  LINK_NOT_TEXT: ({ value }) => `a digest links to ${shown(value)}, which is no object's key`,

  START_AFTER_END: () => 'the start lies after the end; give an earlier start',
  TRAIL_ARN_WRONG: ({ arn }) => `${shown(arn)} is not the ARN of a trail; write \`arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME\``,
  TRAIL_UNKNOWN: ({ arn }) => `the account has no trail ${shown(arn)}; correct the ARN, or name the bucket`,
  ACCOUNT_NOT_NAMED: () => "an organization's trail has log files of many accounts; name the one to check",

  REGION_MISSING: () => 'no region is configured; set AWS_REGION',
  REGION_NAME_WRONG: ({ region }) => `${shown(region)} is not the name of a region; ${REGION_NEXT}`,
  ENDPOINT_WITHOUT_SCHEME: ({ url }) => `the endpoint ${shown(url)} lacks its scheme; write it as in \`https://HOST/\``,
  PROFILE_UNKNOWN: ({ profile }) => `no profile ${shown(profile)} in the AWS configuration; correct its name, or add it`,
  CREDENTIALS_MISSING: () => 'no AWS credentials are found; set them in the environment, a profile or a role',
  CREDENTIALS_PARTIAL: ({ missing }) => `the environment has one half of the AWS credentials; set ${missing} too`,
  ATTEMPTS_NOT_NUMBER: ({ text }) => `AWS_MAX_ATTEMPTS must be a number, got ${shown(text)}`,
  ATTEMPTS_TOO_FEW: ({ attempts }) => `AWS_MAX_ATTEMPTS must be at least 1, got ${attempts}`,

  NOT_CONNECTED: ({ url }) => `nobody answers at ${url}; ${TRY_AGAIN}`,
  CONNECT_TIMEOUT: ({ url }) => `no connection to ${url} within the time allowed; ${TRY_AGAIN}`,
  READ_TIMEOUT: ({ url }) => `no byte came from ${url} within the time allowed; ${TRY_AGAIN}`,
  CONNECTION_CLOSED: ({ url }) => `the connection to ${url} was lost before an answer came; ${TRY_AGAIN}`,
  BODY_CUT: ({ readBytes, missingBytes }) => `the answer broke off after ${readBytes} of ${readBytes + missingBytes} bytes; ${TRY_AGAIN}`,
  ARN_BUCKET_AT_ENDPOINT: ({ bucket }) => `the bucket ${shown(bucket)} is an ARN, which can't be asked for at an endpoint of your own`,

  SERVICE_REFUSED: refusal,
  SERVICE_MESSAGE_EMPTY: () => 'S3 answered with an error that says nothing',
  REDIRECT_WITHOUT_ENDPOINT: () => 'S3 says that the bucket is elsewhere, but not where',
  LISTING_REPEATS: ({ marker }) => `the bucket's listing turns in a circle: after ${shown(marker)} comes the same page again`,
  ANSWER_NOT_XML: ({ complaint, line, column }) =>
    `S3's answer is not XML: ${XML_COMPLAINTS[complaint]} (line ${line}, column ${column}); check what answers at the endpoint`,
  ANSWER_NOT_OBJECT: ({ value }) => `the service's answer must be a JSON object, got ${shown(value)}; check what answers at the endpoint`,
  ANSWER_LACKS: ({ field }) => `the service's answer lacks \`${field}\`; check what answers at the endpoint`,
  PUBLIC_KEY_NULL: () => "CloudTrail's list of public keys holds an empty place",
  TRAIL_NULL: () => "CloudTrail's list of trails holds an empty place",

  UNEXPECTED: ({ message }) => message,
};

/** A fault in our own words. */
export function plainWords(fault: IntegrityFault): string {
  return say(PLAIN_WORDS, fault);
}
