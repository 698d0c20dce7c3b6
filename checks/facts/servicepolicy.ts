// What a bucket's policy lets a service of AWS do for one of our resources.
import { fitsWildcards } from '../../events/wildcards.ts';

/** A service asks on behalf of a resource of an account. */
export interface ServiceAsks {
  /** `cloudtrail.amazonaws.com`. */
  service: string;
  action: string;
  /** ARN of the bucket, or of an object. */
  resource: string;
  /** For whom it asks: the trail. */
  sourceArn: string;
  sourceAccount: string;
}

export interface ServiceMay {
  isAllowed: boolean;
  /** Whether only our own resources, account or organization may send the service: else anybody's trail may write there. */
  isConfined: boolean;
}

type OneOrMore = string | readonly string[];

interface PolicyStatement {
  Effect?: string;
  Principal?: string | Readonly<Record<string, OneOrMore>>;
  Action?: OneOrMore;
  NotAction?: OneOrMore;
  Resource?: OneOrMore;
  NotResource?: OneOrMore;
  Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

const listOf = (value: OneOrMore | undefined): readonly string[] => (typeof value === 'string' ? [value] : (value ?? []));

/** Conditions that hold for the one who asks. What else stands there (encryption, ACL) is what services keep. */
const SOURCES: ReadonlyMap<string, (asks: ServiceAsks) => string | undefined> = new Map<string, (asks: ServiceAsks) => string | undefined>([
  ['aws:sourcearn', ({ sourceArn }) => sourceArn],
  ['aws:sourceaccount', ({ sourceAccount }) => sourceAccount],
  // Which organization it is nobody says here.
  ['aws:sourceorgid', () => undefined],
  ['aws:sourceorgpaths', () => undefined],
]);

const EQUALS = /^(?:ForAnyValue:|ForAllValues:)?(?:String(?:Equals|Like|EqualsIgnoreCase)|Arn(?:Equals|Like))(?:IfExists)?$/;

/** The conditions on who sends the service: key and values. */
const sourcesOf = ({ Condition = {} }: PolicyStatement): [string, readonly string[]][] =>
  Object.entries(Condition).flatMap(([operator, keys]) =>
    EQUALS.test(operator)
      ? Object.entries(keys).flatMap(([key, values]) =>
          !SOURCES.has(key.toLowerCase()) ? [] : [[key.toLowerCase(), listOf(values)] as [string, readonly string[]]],
        )
      : [],
  );

function concerns(statement: PolicyStatement, asks: ServiceAsks): boolean {
  const { Principal, Action, NotAction, Resource, NotResource } = statement;
  const isService =
    typeof Principal === 'string'
      ? Principal === '*'
      : listOf(Principal?.['Service']).includes(asks.service) || listOf(Principal?.['AWS']).includes('*');
  const [action, actions, notActions] = [asks.action.toLowerCase(), lowerCased(Action), lowerCased(NotAction)];
  const isAction = NotAction === undefined ? anyFits(actions, action) : !anyFits(notActions, action);
  const isResource = NotResource === undefined ? anyFits(Resource, asks.resource) : !anyFits(NotResource, asks.resource);
  return isService && isAction && isResource;
}

const lowerCased = (patterns: OneOrMore | undefined): string[] => listOf(patterns).map((pattern) => pattern.toLowerCase());

const anyFits = (patterns: OneOrMore | undefined, text: string): boolean =>
  listOf(patterns).some((pattern) => fitsWildcards(pattern, text));

const isForSource = (statement: PolicyStatement, asks: ServiceAsks): boolean =>
  sourcesOf(statement).every(([key, values]) => {
    const source = SOURCES.get(key)!(asks);
    return source === undefined || values.some((value) => fitsWildcards(value, source));
  });

/** A source that is everything confines nothing. */
const isConfined = (statement: PolicyStatement): boolean => sourcesOf(statement).some(([, values]) => !values.includes('*'));

/**
 * What a policy lets a service do. A denial under a condition is taken as one that doesn't concern the service: most
 * deny what comes without encryption.
 */
export function serviceMay(policy: string, asks: ServiceAsks): ServiceMay {
  const statements = statementsOf(policy).filter((statement) => concerns(statement, asks));
  const isDenied = statements.some(({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined);
  const allowing = statements.filter((statement) => statement.Effect === 'Allow' && isForSource(statement, asks));
  return { isAllowed: !isDenied && allowing.length > 0, isConfined: allowing.length > 0 && allowing.every(isConfined) };
}

/** What is no policy allows nothing. */
function statementsOf(policy: string): PolicyStatement[] {
  try {
    const { Statement = [] } = JSON.parse(policy) as { Statement?: PolicyStatement | PolicyStatement[] };
    return Array.isArray(Statement) ? Statement : [Statement];
  } catch {
    return [];
  }
}
