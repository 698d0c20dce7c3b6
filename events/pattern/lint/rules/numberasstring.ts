// `number-as-string`: `"22"` and `"false"`, which no number and no boolean equals.
import { BOOLEAN_PATHS, NUMBER_PATHS, STRING_PATHS } from '../../../cloudtrail.ts';
import { perMatcher, unquoted } from '../leaves.ts';
import { EVENTBRIDGE_GUIDE, type LintRule } from '../lintrule.ts';

export const numberAsString: LintRule = {
  id: 'number-as-string',
  severity: 'warning',
  title: 'a number or boolean is written as a string',
  link: `${EVENTBRIDGE_GUIDE}/eb-create-pattern-operators.html`,
  example: { wrong: { detail: { readOnly: ['false'] } }, right: { detail: { readOnly: [false] } } },
  check: perMatcher((matcher, { key: { path }, matchers }) => {
    if (matcher.kind !== 'string' || !path.startsWith('detail.') || STRING_PATHS.test(path)) return [];
    const { value, at, end } = matcher;
    const type = value === 'true' || value === 'false' ? 'boolean' : isNumber(value) ? 'number' : undefined;
    // Who writes both forms beside each other means them.
    if (type === undefined || matchers.some((other) => unquoted(other) === value)) return [];
    const sure = (type === 'boolean' ? BOOLEAN_PATHS : NUMBER_PATHS).test(path);
    if (!sure && (LOOKS_LIKE_TEXT.test(path) || /^\d{12}$/.test(value))) return [];
    const message = `"${value}" is a string, and ${sure ? `\`${path}\` is a ${type}` : `a ${type} in the event doesn't equal it`}`;
    return [{ severity: sure ? 'warning' : 'note', message, help: `write ${value} without quotes`, at, end }];
  }),
};

const isNumber = (text: string) => /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text);

/** Names of fields that hold text, even where it is made of digits. */
const LOOKS_LIKE_TEXT = /(id|arn|name|version|account|accounts|date|time|key|value|zone|protocol|code|token|mask)s?$/i;
