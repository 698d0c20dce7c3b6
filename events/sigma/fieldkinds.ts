// What is known of the fields of a record: which hold text alone, which are objects, which may be lists.
import { RECORD_FIELDS } from '../cloudtrail.ts';

/** `text`: one text where it is there; `flag`: true or false; `object`: never a value; `any`: a value, a list of them or an object. */
export type FieldKind = 'text' | 'flag' | 'object' | 'any';

// Source: CloudTrail user guide, record contents and userIdentity element (read 2026-11-28).
const OBJECTS: ReadonlySet<string> = new Set([
  ...['userIdentity', 'requestParameters', 'responseElements', 'additionalEventData', 'serviceEventDetails', 'resources', 'addendum'],
  ...['edgeDeviceDetails', 'tlsDetails', 'insightDetails', 'eventContext', 'summary', 'eventAggregation', 'networkActivityEvent'],
  ...[
    'sessionContext',
    'sessionContext.sessionIssuer',
    'sessionContext.attributes',
    'sessionContext.webIdFederationData',
    'onBehalfOf',
    'inScopeOf',
  ].map((name) => `userIdentity.${name}`),
]);
const FLAGS: ReadonlySet<string> = new Set(['readOnly', 'managementEvent']);
const IDENTITY_TEXTS = [
  'type',
  'principalId',
  'arn',
  'accountId',
  'accessKeyId',
  'userName',
  'invokedBy',
  'identityProvider',
  'credentialId',
];
const TEXTS: ReadonlySet<string> = new Set([
  ...RECORD_FIELDS.filter((name) => !OBJECTS.has(name) && !FLAGS.has(name)),
  ...IDENTITY_TEXTS.map((name) => `userIdentity.${name}`),
  ...['type', 'principalId', 'arn', 'accountId', 'userName'].map((name) => `userIdentity.sessionContext.sessionIssuer.${name}`),
  ...['attributes.creationDate', 'attributes.mfaAuthenticated', 'sourceIdentity'].map((name) => `userIdentity.sessionContext.${name}`),
  ...['additionalEventData.MFAUsed', 'responseElements.ConsoleLogin'],
]);

export function fieldKind(field: string): FieldKind {
  if (TEXTS.has(field)) return 'text';
  if (FLAGS.has(field)) return 'flag';
  return OBJECTS.has(field) ? 'object' : 'any';
}

/** Whether records have such a field at their top. */
export const isRecordField = (field: string): boolean => RECORD_FIELDS.includes(field.split('.')[0]!);

/** Whether two fields may lie in elements of one list; only `resources` is a list at the top. */
export function mayShareList(left: string, right: string): boolean {
  if (left === right) return false;
  const [one, other] = [left.split('.'), right.split('.')];
  const shared = one.findIndex((step, at) => step !== other[at]);
  return (
    one[0] === other[0] && fieldKind(left) !== 'text' && fieldKind(right) !== 'text' && (shared > 1 || shared < 0 || one[0] === 'resources')
  );
}

/** The number that a text is, where a number would be written just so. */
export function comparableText(text: string): number | undefined {
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text.toLowerCase() ? number : undefined;
}
