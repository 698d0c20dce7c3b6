// What a detection asks, in plain words, as Markdown.
import type { Condition, Detection, WindowFields } from '../../events/detect/index.ts';
import { codeOf } from './markdown.ts';

const orList = (texts: readonly string[]): string =>
  texts.length < 2 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)!}`;
const patternValueText = (value: unknown): string => codeOf(typeof value === 'string' ? value : JSON.stringify(value));
const valuesText = (operand: unknown): string => orList([...new Set([operand].flat().map(patternValueText))]);

/** Words of each operator of patterns. */
const OPERATOR_WORDS: Record<string, (operand: unknown) => string> = {
  prefix: (operand) => `begins with ${affixText(operand)}`,
  suffix: (operand) => `ends with ${affixText(operand)}`,
  wildcard: (operand) => `is like ${patternValueText(operand)}`,
  'equals-ignore-case': (operand) => `is ${patternValueText(operand)} in upper or lower case`,
  exists: (operand) => (operand === true ? 'is there' : 'is not there'),
  numeric: (operand) => `is ${(operand as unknown[]).map(String).join(' ')}`,
  cidr: (operand) => `is in ${patternValueText(operand)}`,
  'anything-but': (operand) =>
    isMap(operand) ? `is there and not one that ${matcherWords(operand)}` : `is there and not ${valuesText(operand)}`,
};

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const affixText = (operand: unknown): string =>
  isMap(operand) ? `${valuesText(Object.values(operand))}, in upper or lower case` : valuesText(operand);

function matcherWords(matcher: Record<string, unknown>): string {
  const [[operator, operand] = ['', undefined]] = Object.entries(matcher);
  return Object.hasOwn(OPERATOR_WORDS, operator) ? OPERATOR_WORDS[operator]!(operand) : `is ${patternValueText(matcher)}`;
}

/** `is A or B`, `begins with C or is not there`. */
function listWords(list: readonly unknown[]): string {
  const plain = list.filter((item) => !isMap(item));
  const others = list.filter(isMap).map(matcherWords);
  return orList([...(plain.length === 0 ? [] : [`is ${valuesText(plain)}`]), ...others]);
}

/** What a pattern asks, an item for each field; fields of the record without their `detail`. */
export function patternWords(pattern: object, path = ''): string[] {
  return Object.entries(pattern).flatMap(([key, value]): string[] => {
    if (key === '$or') return [`one of these: ${(value as object[]).map((arm) => patternWords(arm, path).join(' and ')).join('; or ')}`];
    const inner = path === '' && key === 'detail' ? 'detail.' : `${path}${key}`;
    if (isMap(value)) return patternWords(value, inner === 'detail.' ? inner : `${inner}.`);
    return [`${codeOf(inner.replace(/^detail\./, ''))} ${listWords(value as unknown[])}`];
  });
}

const CONDITION_WORDS: { [Name in keyof AllConditions]: (operand: AllConditions[Name]) => string } = {
  differ: ([left, right]) => `${codeOf(left)} is there and is not ${codeOf(right)}`,
  same: ([left, right]) => `${codeOf(left)} is the same as ${codeOf(right)}`,
  inCidr: ({ field, cidrs }) => `${codeOf(field)} is an address in ${valuesText(cidrs)}`,
  notInCidr: ({ field, cidrs }) => `${codeOf(field)} is an address outside of ${valuesText(cidrs)}`,
  grantsAdmin: (field) => `${codeOf(field)} is a policy that allows every action on every resource`,
  isPublic: (field) => `${codeOf(field)} lets everyone in`,
  foreignAccount: (field) => `${codeOf(field)} names an account that is not yours`,
  any: (inner) => `one of these: ${inner.map(conditionWordsOf).join('; or ')}`,
  none: (inner) => `none of these: ${inner.map(conditionWordsOf).join('; ')}`,
};

type KeyOf<Each> = Each extends unknown ? keyof Each : never;
type AllConditions = { [Name in KeyOf<Condition>]: Extract<Condition, Record<Name, unknown>>[Name] };

export function conditionWordsOf(condition: Condition): string {
  const [name, operand] = Object.entries(condition)[0] as [keyof AllConditions, never];
  return CONDITION_WORDS[name](operand);
}

const byWords = ({ by }: WindowFields): string => [by].flat().map(codeOf).join(' and ');

/** After `a finding is`: when events of a window are one; the steps of a sequence stand below. */
export function windowWords(window: WindowFields): string {
  const span = 'within' in window ? `within ${codeOf(window.within)}` : '';
  const dedup = 'dedup' in window && window.dedup !== undefined ? `, told once in ${codeOf(window.dedup)}` : '';
  if ('threshold' in window)
    return window.threshold === 1
      ? `all such events of the same ${byWords(window)}${dedup}`
      : `at least ${window.threshold} such events ${span} of the same ${byWords(window)}${dedup}`;
  if ('distinct' in window)
    return `such events ${span} with at least ${window.atLeast} different values of ${codeOf(window.distinct)}, of the same ${byWords(window)}${dedup}`;
  if ('sequence' in window) return `these, one after the other ${span}, of the same ${byWords(window)}${dedup}`;
  const values = [window.firstSeen].flat().map(codeOf).join(' and ');
  const learn = window.learn === undefined ? '' : `; it learns for ${codeOf(window.learn)} first`;
  return `an event whose ${values} the same ${byWords(window)} didn’t have in the last ${codeOf(window.remember ?? '30d')}${learn}`;
}

/** The patterns of a place, as they are asked: of several any. */
export const parsedPatterns = (patterns: readonly Detection['patterns'][number][]): object[] =>
  patterns.map(({ text }) => JSON.parse(text) as object);
