// What a field may be for a condition to hold: absent, null, true, false, which numbers, which texts.
import { comparableText, type FieldKind } from './fieldkinds.ts';
import { type Glob, isAnyText, literalOf, matchesGlob } from './glob.ts';
import { ALL_NUMBERS, isAllNumbers, NO_NUMBERS, type NumberSet, numbersInBoth, onlyNumber, otherNumbers } from './numberset.ts';
import { ALL_TEXT, isAllText, isNoText, NO_TEXT, otherTexts, type TextSet, textsInBoth, textTest } from './textset.ts';

type SpecialMatcher = { cidr: string } | { wildcard: string } | { 'anything-but': { wildcard: string } };

export interface FieldSet {
  absent: boolean;
  null: boolean;
  true: boolean;
  false: boolean;
  numbers: NumberSet;
  texts: TextSet;
  /** Texts that one of these matches: blocks of addresses, lists of the deployment. */
  special: readonly SpecialMatcher[];
}

const NOTHING: FieldSet = { absent: false, null: false, true: false, false: false, numbers: NO_NUMBERS, texts: NO_TEXT, special: [] };

/** The value of a field, whatever it is. */
export const ANY_VALUE: FieldSet = {
  absent: false,
  null: true,
  true: true,
  false: true,
  numbers: ALL_NUMBERS,
  texts: ALL_TEXT,
  special: [],
};
export const NULL_OR_ABSENT: FieldSet = { ...NOTHING, absent: true, null: true };
export const fieldSetOf = (parts: Partial<FieldSet>): FieldSet => ({ ...NOTHING, ...parts });

/** Values whose text matches: Sigma takes every value for text. */
export function valuesLike(glob: Glob, isCased: boolean): FieldSet {
  const literal = literalOf(glob);
  const number = literal === undefined ? undefined : comparableText(literal);
  const isWord = (word: string) => matchesGlob(glob, word, isCased);
  return fieldSetOf({
    ...{ true: isWord('true'), false: isWord('false'), texts: { isBut: false, tests: [textTest(glob, isCased)] } },
    ...(isAnyText(glob) ? { numbers: ALL_NUMBERS, texts: ALL_TEXT } : {}),
    ...(number === undefined ? {} : { numbers: onlyNumber(number) }),
  });
}

/** All else; undefined for what isn't in blocks of addresses, which no pattern says. */
export function otherValues(set: FieldSet): FieldSet | undefined {
  if (set.special.length > 0) return outsideList(set.special);
  return {
    ...{ absent: !set.absent, null: !set.null, true: !set.true, false: !set.false },
    ...{ numbers: otherNumbers(set.numbers), texts: otherTexts(set.texts), special: [] },
  };
}

/** All but the values of one list: whatever else stands there goes with it. */
function outsideList([only, ...more]: readonly SpecialMatcher[]): FieldSet | undefined {
  if (only === undefined || more.length > 0 || !('wildcard' in only)) return undefined;
  return fieldSetOf({ absent: true, special: [{ 'anything-but': only }] });
}

/** What is in both; undefined where that can't be said. */
export function valuesInBoth(left: FieldSet, right: FieldSet): FieldSet | undefined {
  const texts = textsInBoth(left.texts, right.texts);
  const special = specialInBoth(left, right);
  if (texts === undefined || special === undefined) return undefined;
  return {
    ...{ absent: left.absent && right.absent, null: left.null && right.null },
    ...{ true: left.true && right.true, false: left.false && right.false },
    ...{ numbers: numbersInBoth(left.numbers, right.numbers), texts, special },
  };
}

function specialInBoth(left: FieldSet, right: FieldSet): readonly SpecialMatcher[] | undefined {
  if (left.special.length + right.special.length === 0) return [];
  if (isAllText(right.texts) || isNoText(right.texts))
    return right.special.length > 0 ? undefined : isAllText(right.texts) ? left.special : [];
  return right.special.length > 0 && left.special.length === 0 ? specialInBoth(right, left) : undefined;
}

/** What is in either; undefined where that can't be said. */
export function valuesInEither(left: FieldSet, right: FieldSet): FieldSet | undefined {
  const texts = textsInBoth(otherTexts(left.texts), otherTexts(right.texts));
  if (texts === undefined) return undefined;
  return {
    ...{ absent: left.absent || right.absent, null: left.null || right.null },
    ...{ true: left.true || right.true, false: left.false || right.false },
    numbers: otherNumbers(numbersInBoth(otherNumbers(left.numbers), otherNumbers(right.numbers))),
    ...{ texts: otherTexts(texts), special: [...left.special, ...right.special] },
  };
}

export const isImpossible = (set: FieldSet, kind: FieldKind): boolean =>
  !set.absent &&
  !set.null &&
  isNoText(set.texts) &&
  set.special.length === 0 &&
  (kind === 'text' || (!set.true && !set.false && set.numbers.length === 0));

export const isEverything = (set: FieldSet, kind: FieldKind): boolean =>
  set.absent && set.null && isAllText(set.texts) && (kind === 'text' || (set.true && set.false && isAllNumbers(set.numbers)));
