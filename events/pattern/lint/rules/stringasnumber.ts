// `string-as-number`: `111122223333` and `false` where records have `"111122223333"` and `"false"`.
import { STRING_PATHS } from '../../../cloudtrail.ts';
import { perMatcher, unquoted } from '../leaves.ts';
import { CLOUDTRAIL_GUIDE, type LintRule } from '../lintrule.ts';

export const stringAsNumber: LintRule = {
  id: 'string-as-number',
  severity: 'error',
  title: 'a string is written as a number or boolean',
  link: `${CLOUDTRAIL_GUIDE}/cloudtrail-event-reference-record-contents.html`,
  example: {
    wrong: { detail: { recipientAccountId: [111122223333] } },
    right: { detail: { recipientAccountId: ['111122223333'] } },
  },
  check: perMatcher((matcher, { key }) => {
    const text = unquoted(matcher);
    if (!STRING_PATHS.test(key.path) || (text === undefined && matcher.kind !== 'numeric')) return [];
    const message = `\`${key.path}\` is a string: ${text ?? 'numeric'} never matches`;
    return [{ message, ...(text === undefined ? {} : { help: `write "${text}"` }), at: matcher.at, end: matcher.end }];
  }),
};
