// Conditions that a pattern can't say, compiled: each is a question to one parsed record.
import { BlockList, isIP } from 'node:net';
import type { Condition } from './detection.ts';
import { type Lists, listNameOf } from './lists.ts';
import { grantsAdmin, isPublic, namedAccounts } from './policydocument.ts';
import { textAt, valuesAt } from './record.ts';

/** What a condition may know besides the record. */
export interface WhereContext {
  /** Accounts that are ours: `$accounts`, or where that list is empty the accounts in the keys. */
  isOwnAccount: (account: string) => boolean;
}

export type Question = (record: unknown, context: WhereContext) => boolean;

type Named = {
  [Name in Condition extends infer Each ? (Each extends unknown ? keyof Each : never) : never]: Extract<
    Condition,
    Record<Name, unknown>
  >[Name];
};

/** One maker of a question for each condition there is. */
const MAKERS: { [Name in keyof Named]: (operand: Named[Name], lists: Lists, missing: (name: string) => void) => Question } = {
  differ: ([left, right]) => compare(left, right, (a, b) => a !== undefined && a !== b),
  same: ([left, right]) => compare(left, right, (a, b) => a !== undefined && a === b),
  inCidr: ({ field, cidrs }, lists, missing) => addressIn(field, cidrs, lists, missing, true),
  notInCidr: ({ field, cidrs }, lists, missing) => addressIn(field, cidrs, lists, missing, false),
  grantsAdmin: (field) => (record) => valuesAt(record, field).some(grantsAdmin),
  isPublic: (field) => (record) => valuesAt(record, field).some(isPublic),
  foreignAccount:
    (field) =>
    (record, { isOwnAccount }) =>
      valuesAt(record, field).some((value) => namedAccounts(value).some((account) => !isOwnAccount(account))),
  any: (inner, lists, missing) => {
    const questions = inner.map((condition) => question(condition, lists, missing));
    return (record, context) => questions.some((ask) => ask(record, context));
  },
  none: (inner, lists, missing) => {
    const questions = inner.map((condition) => question(condition, lists, missing));
    return (record, context) => !questions.some((ask) => ask(record, context));
  },
};

/**
 * Compiles conditions: all of them must hold.
 * @param missing  told the name of each list that has no values
 */
export function compileWhere(conditions: readonly Condition[], lists: Lists, missing: (name: string) => void): Question {
  const questions = conditions.map((condition) => question(condition, lists, missing));
  return (record, context) => questions.every((ask) => ask(record, context));
}

function question(condition: Condition, lists: Lists, missing: (name: string) => void): Question {
  const [[name, operand] = []] = Object.entries(condition) as [keyof Named, never][];
  return MAKERS[name!](operand as never, lists, missing);
}

/** Two fields beside each other; what isn't there is undefined. */
const compare =
  (left: string, right: string, holds: (a: string | undefined, b: string | undefined) => boolean): Question =>
  (record) =>
    holds(textAt(record, left), textAt(record, right));

/** An address, not a service's name: `ec2.amazonaws.com` in sourceIPAddress lies neither inside nor outside. */
function addressIn(field: string, cidrs: readonly string[], lists: Lists, missing: (name: string) => void, wanted: boolean): Question {
  const blocks = blockList(cidrs.flatMap((cidr) => valuesOf(cidr, lists, missing)));
  return (record) => {
    const address = textAt(record, field);
    const family = address === undefined ? 0 : isIP(address);
    return family !== 0 && blocks.check(address!, family === 6 ? 'ipv6' : 'ipv4') === wanted;
  };
}

function valuesOf(value: string, lists: Lists, missing: (name: string) => void): readonly string[] {
  const name = listNameOf(value);
  if (name === undefined) return [value];
  const values = lists.get(name) ?? [];
  if (values.length === 0) missing(name);
  return values;
}

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}
