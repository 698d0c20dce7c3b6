// The Condition of a policy statement: whether it narrows down who is let in, and to whom.
import { ipAddressOf } from '../pattern/index.ts';
import { isFields } from './record.ts';

/** One test of a Condition: all tests of a statement must hold, of each test any value. */
export interface PolicyTest {
  /** Lower case, without `ForAnyValue:` and `IfExists`: `stringequals`. */
  operator: string;
  /** Also holds where the request has no such key: `…IfExists`, `ForAllValues:`. */
  allowsAbsence: boolean;
  /** Lower case: `aws:sourcearn`. Names of condition keys are not case-sensitive. */
  key: string;
  values: string[];
}

const textOf = (value: unknown): string[] => (value !== null && typeof value !== 'object' ? [String(value)] : []);

/** `{"StringEquals": {"aws:SourceAccount": "111122223333"}}` as its tests. */
export function testsIn(condition: unknown): PolicyTest[] {
  if (!isFields(condition)) return [];
  return Object.entries(condition).flatMap(([operator, keys]) =>
    isFields(keys) ? Object.entries(keys).map(([key, values]) => testOf(operator.toLowerCase(), key.toLowerCase(), values)) : [],
  );
}

const testOf = (operator: string, key: string, values: unknown): PolicyTest => ({
  operator: operator.replace(/^for(any|all)value(s)?:/, '').replace(/ifexists$/, ''),
  allowsAbsence: operator.startsWith('forallvalues:') || operator.endsWith('ifexists'),
  key,
  values: (Array.isArray(values) ? values : [values]).flatMap(textOf),
});

/** What a test that narrows leaves: who is behind the request, where it comes from, or who knows a secret. */
type Narrowing = 'account' | 'organization' | 'service' | 'network' | 'secret' | 'person';

/**
 * Keys whose fixed value lets in somebody instead of everybody.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html ("The meaning of public")
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const NARROWING: ReadonlyMap<string, Narrowing> = new Map([
  ['aws:principalaccount', 'account'],
  ['aws:principalarn', 'account'],
  ['aws:sourceaccount', 'account'],
  ['aws:sourceowner', 'account'],
  ['aws:sourcearn', 'account'],
  ['kms:calleraccount', 'account'],
  ['s3:dataaccesspointaccount', 'account'],
  ['s3:dataaccesspointarn', 'account'],
  ['aws:principalorgid', 'organization'],
  ['aws:principalorgpaths', 'organization'],
  ['aws:sourceorgid', 'organization'],
  ['aws:sourceorgpaths', 'organization'],
  ['aws:principalisawsservice', 'service'],
  ['aws:principalservicename', 'service'],
  ['aws:principalservicenameslist', 'service'],
  ['aws:sourceip', 'network'],
  ['aws:sourcevpc', 'network'],
  ['aws:sourcevpce', 'network'],
  ['aws:sourcevpcarn', 'network'],
  ['elasticfilesystem:accessedviamounttarget', 'network'],
  ['aws:userid', 'person'],
  ['sts:externalid', 'secret'],
]);

const EQUALS = /^(stringequals(ignorecase)?|stringlike|arnequals|arnlike|ipaddress|bool)$/;
const DIFFERS = /^(stringnotequals(ignorecase)?|stringnotlike|arnnotequals|arnnotlike|notipaddress)$/;
/** Operators that read `*` and `?` as wildcards; to the others they are letters, which no value of these keys has. */
const HAS_WILDCARDS = /like$|^arn/;

/** How a test of an Allow narrows down who is let in; undefined when it doesn't. */
export function narrowingOf(test: PolicyTest): Narrowing | undefined {
  // The address is in every request that a person or program makes.
  if (test.allowsAbsence && test.key !== 'aws:sourceip') return undefined;
  return EQUALS.test(test.operator) && isFixed(test) ? NARROWING.get(test.key) : undefined;
}

/** The same for a Deny, which leaves those it doesn't deny: `StringNotEquals` with the own organization. */
export function narrowingOfDeny(tests: readonly PolicyTest[]): Narrowing[] | undefined {
  const ways = tests.map(narrowingByDenial);
  return ways.length > 0 && ways.every((way) => way !== undefined) ? ways : undefined;
}

function narrowingByDenial(test: PolicyTest): Narrowing | undefined {
  const { operator, key, values } = test;
  const isService = key === 'aws:principalisawsservice' || key === 'aws:viaawsservice';
  if (isService) return operator === 'bool' && values.every((value) => value.toLowerCase() === 'false') ? 'service' : undefined;
  return DIFFERS.test(operator) && isFixed(test) ? NARROWING.get(key) : undefined;
}

/** Whether every value of a test names something, not all there is: any of them may be met. */
function isFixed({ operator, key, values }: PolicyTest): boolean {
  if (values.length === 0) return false;
  if (operator === 'bool') return values.every((value) => value.toLowerCase() === 'true');
  if (key === 'aws:sourceip') return values.every(isNarrowBlock);
  return values.every((value) => !value.includes('${') && (!HAS_WILDCARDS.test(operator.replace('not', '')) || namesSomething(key, value)));
}

/** Widest blocks that S3 doesn't call public: /8 of IPv4 and /32 of IPv6. */
function isNarrowBlock(block: string): boolean {
  const [address = '', bits] = block.split('/');
  const digits = ipAddressOf(address)?.length;
  return digits !== undefined && (bits === undefined || Number(bits) >= (digits === 8 ? 8 : 32));
}

/** A value with wildcards that still names an account, an organization, or a role's id before its session. */
function namesSomething(key: string, value: string): boolean {
  if (!/[*?]/.test(value)) return true;
  if (value.startsWith('arn:')) return /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(value) || /^arn:[^:]*:s3:::[^*?]{3}/.test(value);
  return key.endsWith('orgpaths') ? /^o-[a-z0-9]+\//.test(value) : key === 'aws:userid' && /^[A-Z0-9]{16,}:/.test(value);
}

/** Keys that leave only some resources or ways of a grant. */
const OF_RESOURCES = /^aws:(resourcetag\/|resourceaccount$|resourceorg|calledvia|viaawsservice$|requesttag\/|tagkeys$)|^(?!aws:)/;

/** Whether a test leaves less than every action on every resource: by tags, by what it is called through, by a key of one service. */
export const narrowsResources = ({ allowsAbsence, key, operator, values }: PolicyTest): boolean =>
  !allowsAbsence && OF_RESOURCES.test(key) && !/not|null/.test(operator) && !values.some((value) => /^\*+$/.test(value));

/** Texts among a test's values that name accounts, for the keys that do. */
export const accountTextsOf = ({ key, values }: PolicyTest): string[] => (NARROWING.get(key) === 'account' ? values : []);
