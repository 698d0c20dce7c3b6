// The kinds of value that a parameter of the stack can have: each reads the text that was given, or says what is wrong with it.

/** What is wrong with a parameter, each fault in words that go on after the parameter's name. */
export class Misfit extends Error {
  readonly faults: readonly string[];

  constructor(...faults: string[]) {
    super(faults.join('; '));
    this.faults = faults;
  }
}

/** Reads a parameter's text, trimmed before. @throws Misfit */
export type Kind<Value> = (text: string) => Value;

/** A value that need not be given. */
export const optional =
  <Value>(kind: Kind<Value>): Kind<Value | undefined> =>
  (text) =>
    text === '' ? undefined : kind(text);

export const anyText: Kind<string> = (text) => text;

/** Texts separated by commas. */
export const textList: Kind<string[]> = (text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

export const oneOf =
  <Choice extends string>(...choices: Choice[]): Kind<Choice> =>
  (text) => {
    const choice = choices.find((each) => each === text);
    if (choice !== undefined) return choice;
    throw new Misfit(choices.length > 2 ? ` is \`${text}\`: give one of ${choices.join(', ')}` : ` must be ${choices.join(' or ')}`);
  };

/** A word for true, and one for false. */
export const either =
  (yes: string, no: string): Kind<boolean> =>
  (text) =>
    oneOf(yes, no)(text) === yes;

export const accountId: Kind<string> = (text) => {
  if (/^\d{12}$/.test(text)) return text;
  throw new Misfit(' must be an account id of 12 digits');
};

export const wholeNumber =
  (least: number, most = Number.POSITIVE_INFINITY): Kind<number> =>
  (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new Misfit(
      ` is \`${text}\`: give a whole number ${most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`}`,
    );
  };

export const oneNumberOf =
  (...numbers: number[]): Kind<number> =>
  (text) => {
    if (numbers.map(String).includes(text)) return Number(text);
    throw new Misfit(` is \`${text}\`: give one of ${numbers.join(', ')}`);
  };
