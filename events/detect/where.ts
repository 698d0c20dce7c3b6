// Conditions that a pattern can't say, compiled: each is a question to one parsed record.
import { type AddressRange, blockOf, ipAddressOf, unmapped } from '../pattern/index.ts';
import type { Condition } from './detection.ts';
import { type Lists, listNameOf, type OnMissing, valuesOf } from './lists.ts';
import { grantsAdmin, isPublic, letInBy } from './policydocument.ts';
import { allTextsAt, valuesAt } from './record.ts';

/** What a condition may know besides the record. */
export interface WhereContext {
  /** Accounts that are ours: `$accounts`, or where that list is empty the accounts in the keys. */
  isOwnAccount(account: string): boolean;
}

export type Question = (record: unknown, context: WhereContext) => boolean;

type Named = {
  [Name in Condition extends infer Each ? (Each extends unknown ? keyof Each : never) : never]: Extract<
    Condition,
    Record<Name, unknown>
  >[Name];
};

/** One maker of a question for each condition there is. */
const MAKERS: { [Name in keyof Named]: (operand: Named[Name], lists: Lists, missing: OnMissing) => Question } = {
  differ: ([left, right]) => someText(left, right, (text, others) => !others.includes(text)),
  same: ([left, right]) => someText(left, right, (text, others) => others.includes(text)),
  inCidr: ({ field, cidrs }, lists, missing) => someAddress(field, rangesOf(cidrs, lists, missing), true),
  notInCidr: ({ field, cidrs }, lists, missing) => someAddress(field, rangesOf(cidrs, lists, missing), false),
  grantsAdmin: (field) => (record) => valuesAt(record, field).some(grantsAdmin),
  isPublic: (field) => (record) => valuesAt(record, field).some(isPublic),
  foreignAccount: (field) => (record, context) => valuesAt(record, field).some((value) => isForeign(value, context)),
  any: (inner, lists, missing) => {
    const questions = inner.map((condition) => question(condition, lists, missing));
    return (record, context) => questions.some((ask) => ask(record, context));
  },
  none: (inner, lists, missing) => {
    const questions = inner.map((condition) => question(condition, lists, missing));
    return (record, context) => !questions.some((ask) => ask(record, context));
  },
};

/** Compiles conditions: all of them must hold. */
export function compileWhere(conditions: readonly Condition[], lists: Lists, missing: OnMissing): Question {
  const questions = conditions.map((condition) => question(condition, lists, missing));
  return (record, context) => questions.every((ask) => ask(record, context));
}

function question(condition: Condition, lists: Lists, missing: OnMissing): Question {
  const [[name, operand] = []] = Object.entries(condition) as [keyof Named, never][];
  return MAKERS[name!](operand as never, lists, missing);
}

/** Two fields beside each other: one text of the first that holds against all of the second, which may be none, is enough. */
const someText =
  (left: string, right: string, holds: (text: string, others: readonly string[]) => boolean): Question =>
  (record) => {
    const others = allTextsAt(record, right);
    return allTextsAt(record, left).some((text) => holds(text, others));
  };

/** Everyone, or an account that isn't ours. */
function isForeign(value: unknown, context: WhereContext): boolean {
  const { everyone, accounts } = letInBy(value);
  return everyone || accounts.some((account) => !context.isOwnAccount(account));
}

/** An address in either family's words, IPv4 within IPv6 as IPv4: EventBridge's `cidr` doesn't read the dots of `::ffff:10.1.2.3`. */
function addressOf(text: string): string | undefined {
  const [, before, dotted] = /^([\da-f:]*:)([\d.]+)$/i.exec(text) ?? [];
  const last = dotted === undefined ? undefined : ipAddressOf(dotted);
  const address = ipAddressOf(last === undefined ? text : `${before}${last.slice(0, 4)}:${last.slice(4)}`);
  return address === undefined ? undefined : unmapped(address);
}

/** Some address at the field lies inside, or outside. A service's name such as `ec2.amazonaws.com` in sourceIPAddress does neither. */
const someAddress =
  (field: string, ranges: readonly AddressRange[], wanted: boolean): Question =>
  (record) =>
    valuesAt(record, field).some((value) => {
      const address = typeof value === 'string' ? addressOf(value) : undefined;
      return address !== undefined && isWithin(address, ranges) === wanted;
    });

const isWithin = (address: string, ranges: readonly AddressRange[]): boolean =>
  ranges.some(({ low, high }) => address.length === low.length && low <= address && address <= high);

/** Blocks, and lists of them, as ranges. */
function rangesOf(cidrs: readonly string[], lists: Lists, missing: OnMissing): AddressRange[] {
  return cidrs.flatMap((cidr) =>
    valuesOf(cidr, lists, missing).flatMap((block) => {
      const range = rangeOf(block);
      if (range === undefined) missing(listNameOf(cidr) ?? block, `has \`${block}\`, which is no address or block`);
      return range ?? [];
    }),
  );
}

/** `10.0.0.0/8`, `2001:db8::/32`, or one address, alone or with all of its bits; undefined for what is none of them. */
export function rangeOf(cidr: string): AddressRange | undefined {
  const address = addressOf(cidr.replace(/\/(32|128)$/, ''));
  const digits = cidr.endsWith('/128') ? 32 : cidr.endsWith('/32') ? 8 : undefined;
  if (address !== undefined && (digits === undefined || address.length === digits)) return { low: address, high: address };
  try {
    return blockOf(cidr);
  } catch {
    return undefined;
  }
}
