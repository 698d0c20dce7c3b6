// Sets of texts: those that match one of some globs, or none of them.
import { type Glob, lettersIn, literalOf, matchesGlob } from './glob.ts';

export interface TextTest {
  glob: Glob;
  /** Whether upper and lower case differ; a text without letters has no case. */
  isCased: boolean;
}

export interface TextSet {
  /** All texts but those. */
  isBut: boolean;
  tests: readonly TextTest[];
}

export const NO_TEXT: TextSet = { isBut: false, tests: [] };
export const ALL_TEXT: TextSet = { isBut: true, tests: [] };

export const textTest = (glob: Glob, isCased: boolean): TextTest => ({ glob, isCased: isCased || lettersIn(glob) === 0 });
export const otherTexts = ({ isBut, tests }: TextSet): TextSet => ({ isBut: !isBut, tests });
export const isAllText = ({ isBut, tests }: TextSet): boolean => isBut && tests.length === 0;
export const isNoText = ({ isBut, tests }: TextSet): boolean => !isBut && tests.length === 0;

/** What is in both; undefined where that is neither some globs nor all but some. */
export function textsInBoth(left: TextSet, right: TextSet): TextSet | undefined {
  if (left.isBut && right.isBut) return { isBut: true, tests: eachOnce([...left.tests, ...right.tests]) };
  if (right.isBut) return isAllText(right) ? left : chosenFrom(left, right);
  if (left.isBut) return textsInBoth(right, left);
  const same = left.tests.length === right.tests.length && left.tests.every((test) => right.tests.some((other) => isSameTest(test, other)));
  return same ? left : (chosenFrom(left, right) ?? chosenFrom(right, left));
}

/** Of plain texts those that another set has; undefined where some are none, or where upper and lower case decide. */
function chosenFrom(plain: TextSet, other: TextSet): TextSet | undefined {
  const verdicts = plain.tests.map((test) => verdict(test, other));
  if (verdicts.includes(undefined)) return undefined;
  return { isBut: false, tests: plain.tests.filter((_, at) => verdicts[at] === true) };
}

function verdict({ glob, isCased }: TextTest, other: TextSet): boolean | undefined {
  const text = literalOf(glob);
  if (text === undefined) return undefined;
  const some = other.tests.some((test) => matchesGlob(test.glob, text, test.isCased));
  const anyCase = other.tests.some((test) => matchesGlob(test.glob, text, false));
  if (!isCased && anyCase && !other.tests.some((test) => !test.isCased && matchesGlob(test.glob, text, false))) return undefined;
  return some !== other.isBut;
}

export const isSameTest = (left: TextTest, right: TextTest): boolean => JSON.stringify(left) === JSON.stringify(right);

const eachOnce = (tests: readonly TextTest[]): TextTest[] =>
  tests.filter((test, at) => tests.findIndex((other) => isSameTest(test, other)) === at);
