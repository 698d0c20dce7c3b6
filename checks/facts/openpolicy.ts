// Whether a resource policy lets everybody in, by its text.

interface Statement {
  Sid?: string;
  Effect?: string;
  Principal?: unknown;
  NotPrincipal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/**
 * The statements that give something to everybody, by their Sid or place; undefined when the text is no policy.
 * What a condition narrows to fixed values is not public.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The meaning of public"
 */
export function statementsForAll(policy: string): string[] | undefined {
  const statements = statementsOf(policy);
  return statements?.flatMap((statement, at) => (isForAll(statement) ? (statement.Sid ?? `statement ${at + 1}`) : []));
}

function statementsOf(policy: string): Statement[] | undefined {
  try {
    const read = JSON.parse(policy) as { Statement?: unknown } | null;
    return listOf(read?.Statement).filter((statement): statement is Statement => typeof statement === 'object' && statement !== null);
  } catch {
    return undefined;
  }
}

function isForAll({ Effect, Principal, NotPrincipal, Condition = {} }: Statement): boolean {
  if (Effect !== 'Allow') return false;
  if (NotPrincipal === undefined && !isEverybody(Principal)) return false;
  return !Object.entries(Condition).some(([operator, keys]) => Object.entries(keys).some(([key, value]) => narrows(operator, key, value)));
}

const isEverybody = (principal: unknown): boolean =>
  principal === '*' ||
  (typeof principal === 'object' && principal !== null && Object.values(principal).some((value) => listOf(value).includes('*')));

/** Keys that tell who asks, or whence. */
const NARROWING = new Set([
  ...['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceowner', 'aws:sourceorgid', 'aws:sourcevpc', 'aws:sourcevpce', 'aws:sourceip'],
  ...['aws:principalarn', 'aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:userid', 'aws:vpcsourceip'],
  ...['s3:dataaccesspointarn', 's3:dataaccesspointaccount'],
]);

/** Only what demands a value narrows; what forbids one, or passes when the key is absent, leaves the rest of the world. */
const DEMANDING = /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/;

function narrows(operator: string, key: string, value: unknown): boolean {
  if (!DEMANDING.test(operator) || !NARROWING.has(key.toLowerCase())) return false;
  return listOf(value).every((each) => typeof each === 'string' && isFixed(key.toLowerCase(), each));
}

/** An ARN may have wildcards behind its account. */
function isFixed(key: string, value: string): boolean {
  if (value.endsWith('/0')) return false;
  if (key.endsWith('arn') && value.startsWith('arn:')) return !/[*?]/.test(value.split(':')[4] || value);
  return !/[*?]/.test(value);
}
