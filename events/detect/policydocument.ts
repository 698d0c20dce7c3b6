// Policy documents read as policies: what they allow, and to whom.
import { fitsWildcards } from '../wildcards.ts';
import { accountTextsOf, narrowingOf, narrowingOfDeny, narrowsResources, type PolicyTest, testsIn } from './policycondition.ts';
import { isFields, type RecordFields } from './record.ts';

/** One statement, its members as lists. */
interface Statement {
  effect: unknown;
  actions: string[];
  notActions: string[];
  resources: string[];
  notResources: string[];
  /** `*`, account ids, ARNs, services. */
  principals: string[];
  hasNotPrincipal: boolean;
  tests: PolicyTest[];
}

/** Longest document read, and most statements of one. The longest that AWS takes are 32 KiB (key policies). */
const MAX_LENGTH = 262_144;
const MAX_STATEMENTS = 500;

const listOf = (value: unknown): unknown[] => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
const textsOf = (value: unknown): string[] => listOf(value).filter((each): each is string => typeof each === 'string');

/** A document as JSON text, as text encoded for a URL (in answers of IAM), or parsed; undefined when it is damaged. */
function parsed(document: unknown): unknown {
  if (typeof document !== 'string') return document;
  if (document.length > MAX_LENGTH) return undefined;
  try {
    const value: unknown = JSON.parse(/^\s*%7B/i.test(document) ? decodeURIComponent(document.replaceAll('+', '%20')) : document);
    return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  } catch {
    return undefined;
  }
}

const isDocumentText = (text: string): boolean => /^\s*(\{|%7B|"\{)/i.test(text);

/** A member whatever its case: who writes `statement` must not go unseen. */
function member(fields: RecordFields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  const key = Object.keys(fields).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : fields[key];
}

function statementsOf(document: unknown): Statement[] {
  const policy = parsed(document);
  if (!isFields(policy)) return [];
  return listOf(member(policy, 'Statement'))
    .slice(0, MAX_STATEMENTS)
    .flatMap((each) => (isFields(each) ? [statementOf(each)] : []));
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
function statementOf(fields: RecordFields): Statement {
  const texts = (name: string) => textsOf(member(fields, name));
  return {
    effect: member(fields, 'Effect'),
    ...{ actions: texts('Action'), notActions: texts('NotAction'), resources: texts('Resource'), notResources: texts('NotResource') },
    principals: principalsIn(member(fields, 'Principal')),
    hasNotPrincipal: member(fields, 'NotPrincipal') !== undefined,
    tests: testsIn(member(fields, 'Condition')),
  };
}

/** `"*"`, `{"AWS": "…"}`, `{"AWS": ["…"], "Service": "…"}`. */
const principalsIn = (principal: unknown): string[] =>
  isFields(principal) ? Object.values(principal).flatMap(textsOf) : textsOf(principal);

/** The statements of a document by their effect. */
function effectsOf(document: unknown): { allows: Statement[]; denies: Statement[] } {
  const statements = statementsOf(document);
  return {
    allows: statements.filter(({ effect }) => effect === 'Allow'),
    denies: statements.filter(({ effect }) => effect === 'Deny'),
  };
}

/** `*`, `*:*`, and `?*`, which says the same of what has a letter. */
const isEveryAction = (action: string): boolean => /^\?*\*[*?]*(:\?*\*[*?]*)?$/.test(action);
/** Whoever may do everything in IAM may give itself everything. */
const isEveryActionOfIam = (action: string): boolean => /^iam:\?*\*[*?]*$/i.test(action);
const isAdminAction = (action: string): boolean => isEveryAction(action) || isEveryActionOfIam(action);
/** `*`, `arn:aws:*:*:*:*`. */
const isEveryResource = (resource: string): boolean => /^(\?*\*[*?]*|arn:\*+|arn:[a-z*-]+(:\*+){4,})$/i.test(resource);
/** Every one, or `arn:aws:iam::*:*`, `arn:aws:iam::111122223333:*`. */
const isEveryResourceOfIam = (resource: string): boolean =>
  isEveryResource(resource) || /^arn:[a-z*-]+:iam:\**:(\*+|\d{12}):\*+$/i.test(resource);

/**
 * Whether a document allows every action, or every action of IAM, on every resource: also by NotAction or NotResource, which allow all but a few
 * (PowerUserAccess all but IAM), and whatever its Condition asks of the caller (MFA, address, time). Not so where a Condition leaves some resources
 * only, or where the document itself denies it all again.
 */
export function grantsAdmin(document: unknown): boolean {
  const { allows, denies } = effectsOf(document);
  return allows.some((allow) => isAdminGrant(allow) && !denies.some((deny) => deny.tests.length === 0 && deniesAdmin(deny, allow)));
}

const isAdminGrant = ({ actions, notActions, resources, notResources, tests }: Statement): boolean =>
  (actions.some(isAdminAction)
    ? resources.some(isEveryResourceOfIam) || allBut(notResources, isEveryResource)
    : allBut(notActions, isEveryAction) && (resources.some(isEveryResource) || allBut(notResources, isEveryResource))) &&
  !tests.some(narrowsResources);

const allBut = (values: readonly string[], isEvery: (value: string) => boolean): boolean => values.length > 0 && !values.some(isEvery);

/** Whether nothing of an admin's grant is left. What NotAction spares is left, and may be all of IAM. */
const deniesAdmin = (deny: Statement, allow: Statement): boolean =>
  coversResources(deny, allow) && (deny.notActions.length > 0 ? !deny.notActions.some(isAdminAction) : coversActions(deny, allow));

function coversActions({ actions, notActions }: Statement, allow: Statement): boolean {
  if (allow.notActions.length > 0) return actions.some(isEveryAction);
  if (notActions.length > 0)
    return !allow.actions.some((action) => notActions.some((spared) => matches(spared, action) || matches(action, spared)));
  return allow.actions.every((action) => actions.some((denied) => isEveryAction(denied) || matches(denied, action)));
}

const coversResources = (deny: Statement, allow: Statement): boolean =>
  deny.resources.some(isEveryResource) ||
  (allow.resources.length > 0 && allow.resources.every((resource) => deny.resources.some((denied) => matches(denied, resource))));

/** Whether a text with `*` and `?` takes in another, whose own wildcards count as letters. Case is ignored, as in names of actions. */
const matches = (wildcard: string, text: string): boolean => fitsWildcards(wildcard.toLowerCase(), text.toLowerCase());

/** Who a value lets in. */
export interface LetIn {
  /** Everyone there is, or everyone who knows a secret. */
  everyone: boolean;
  /** Accounts that are named, or that a Condition leaves of everyone. */
  accounts: string[];
}

/** Everyone in the lists of S3, and its short names for them; `all` of EC2's images and snapshots and of RDS's snapshots. */
const EVERYONE =
  /^(\*|all|public-read|public-read-write|authenticated-read|(uri=)?"?https?:\/\/acs\.amazonaws\.com\/groups\/global\/(AllUsers|AuthenticatedUsers)"?)$/;

/**
 * Whether a value lets everyone in: a policy document without a Condition that narrows it, `*` for a principal, a grant or canned ACL of S3, `all`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html (AllUsers, AuthenticatedUsers, canned ACLs)
 */
export function isPublic(value: unknown): boolean {
  if (typeof value === 'string' && !isDocumentText(value)) return namesEveryone(value);
  if (isFields(value) && member(value, 'Statement') === undefined) return hasPublicGrant(value, 0);
  const { allows, denies } = effectsOf(value);
  return allows.some(
    (allow) =>
      forEveryone(allow) &&
      !allow.tests.some((test) => narrowingOf(test) !== undefined) &&
      !denies.some((deny) => deniesEveryone(deny, allow)),
  );
}

/** Also the header of a grant: `uri="http://…/AllUsers", id="…"`. */
const namesEveryone = (text: string): boolean => text.length < 5_000 && text.split(',').some((part) => EVERYONE.test(part.trim()));

/** How deep grants lie in an access control policy, with some to spare. */
const MAX_DEPTH = 8;

/** A grantee in an access control policy of S3. */
function hasPublicGrant(value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.some((item) => hasPublicGrant(item, depth + 1));
  if (!isFields(value)) return false;
  return Object.entries(value).some(([key, inner]) =>
    typeof inner === 'string' ? /^uri$/i.test(key) && namesEveryone(inner) : hasPublicGrant(inner, depth + 1),
  );
}

const forEveryone = ({ principals, hasNotPrincipal }: Statement): boolean => hasNotPrincipal || principals.includes('*');

/** A Deny over the same, without a Condition, or with one that spares only somebody. */
const deniesEveryone = (deny: Statement, allow: Statement): boolean =>
  forEveryone(deny) &&
  (deny.tests.length === 0 || narrowingOfDeny(deny.tests) !== undefined) &&
  coversActions(deny, allow) &&
  coversResources(deny, allow);

/** Who a value lets in, whoever they are: an account id, an ARN, `*`, or a document that allows something to them. */
export function letInBy(value: unknown): LetIn {
  if (typeof value === 'number') return { everyone: false, accounts: accountIn(String(value)) };
  if (typeof value === 'string' && !isDocumentText(value)) return { everyone: isPublic(value), accounts: accountIn(value) };
  if (isFields(value) && member(value, 'Statement') === undefined) return { everyone: isPublic(value), accounts: [] };
  const { allows, denies } = effectsOf(value);
  const letIn = allows.map((allow) => letInByStatement(allow, denies));
  return { everyone: letIn.some(({ everyone }) => everyone), accounts: letIn.flatMap(({ accounts }) => accounts) };
}

/**
 * An organization's Condition is taken for the own one. An address, a network or a secret says nothing of the account behind a named principal, and a
 * secret nothing of anybody.
 */
function letInByStatement(allow: Statement, denies: readonly Statement[]): LetIn {
  const nobody = { everyone: false, accounts: [] };
  const narrowing = allow.tests.flatMap((test) => narrowingOf(test) ?? []);
  if (narrowing.includes('organization')) return nobody;
  const covering = denies.filter((deny) => coversActions(deny, allow) && coversResources(deny, allow));
  if (covering.some((deny) => forEveryone(deny) && isWithoutOutsiders(deny))) return nobody;
  if (!forEveryone(allow)) {
    const denied = new Set(covering.filter(({ tests }) => tests.length === 0).flatMap(({ principals }) => principals));
    return { everyone: false, accounts: allow.principals.filter((each) => !denied.has(each)).flatMap(accountIn) };
  }
  if (narrowing.every((way) => way === 'secret')) return { everyone: !covering.some((deny) => deniesEveryone(deny, allow)), accounts: [] };
  return { everyone: false, accounts: allow.tests.flatMap(accountTextsOf).flatMap(accountIn) };
}

/** A Deny that leaves nobody, or only the own organization. */
const isWithoutOutsiders = ({ tests, hasNotPrincipal }: Statement): boolean =>
  tests.length === 0 ? !hasNotPrincipal : narrowingOfDeny(tests)?.every((way) => way === 'organization' || way === 'service') === true;

function accountIn(text: string): string[] {
  const [, id, inArn] = /^(?:(\d{12})|arn:[^:]*:[^:]*:[^:]*:(\d{12}):.*)$/.exec(text) ?? [];
  return [id ?? inArn ?? []].flat();
}
