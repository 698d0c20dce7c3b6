// Policy documents read as policies: what they allow, to whom.
import { isFields } from './record.ts';

/** One statement, its members as lists. */
interface Statement {
  allows: boolean;
  actions: string[];
  notActions: string[];
  resources: string[];
  notResources: string[];
  /** `*`, account ids, ARNs, services; undefined where the statement names none. */
  principals: string[] | undefined;
  hasNotPrincipal: boolean;
  conditions: unknown;
}

const listOf = (value: unknown): unknown[] => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
const textsOf = (value: unknown): string[] => listOf(value).filter((each): each is string => typeof each === 'string');

/** A document as JSON text, as text encoded for a URL (in answers of IAM), or parsed. */
function parsed(document: unknown): unknown {
  if (typeof document !== 'string') return document;
  const text = /^\s*%7B/i.test(document) ? decoded(document) : document;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const statementsOf = (document: unknown): Statement[] => {
  const policy = parsed(document);
  return isFields(policy) ? listOf(policy['Statement']).flatMap((each) => (isFields(each) ? [statementOf(each)] : [])) : [];
};

function statementOf(fields: Record<string, unknown>): Statement {
  return {
    allows: fields['Effect'] === 'Allow',
    actions: textsOf(fields['Action']),
    notActions: textsOf(fields['NotAction']),
    resources: textsOf(fields['Resource']),
    notResources: textsOf(fields['NotResource']),
    principals: fields['Principal'] === undefined ? undefined : principalsIn(fields['Principal']),
    hasNotPrincipal: fields['NotPrincipal'] !== undefined,
    conditions: fields['Condition'],
  };
}

const principalsIn = (principal: unknown): string[] =>
  isFields(principal) ? Object.values(principal).flatMap(textsOf) : textsOf(principal);

const isEvery = (values: readonly string[]) => values.some((value) => /^\*+(:\*+)?$/.test(value));

/** Whether a document allows every action on every resource. */
export const grantsAdmin = (document: unknown): boolean =>
  statementsOf(document).some(
    ({ allows, actions, notActions, resources }) => allows && (isEvery(actions) || notActions.length > 0) && isEvery(resources),
  );

/** Whether a document lets everyone in. */
export const isPublic = (document: unknown): boolean =>
  statementsOf(document).some(
    ({ allows, principals, hasNotPrincipal, conditions }) =>
      allows && conditions === undefined && (hasNotPrincipal || principals?.includes('*') === true),
  );

/** The accounts that a value names: an account id, an ARN, or a document whose principals are such. `*` is everyone: no account. */
export function namedAccounts(value: unknown): string[] {
  if (typeof value === 'string' && !/^\s*(\{|%7B)/i.test(value)) return accountIn(value);
  return statementsOf(value).flatMap(({ allows, principals = [] }) => (allows ? principals.flatMap(accountIn) : []));
}

const accountIn = (text: string): string[] => {
  const [, id, inArn] = /^(?:(\d{12})|arn:[^:]*:[^:]*:[^:]*:(\d{12}):.*)$/.exec(text) ?? [];
  return [id ?? inArn ?? []].flat();
};
