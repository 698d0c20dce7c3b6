// `star-in-string`: a `*` where only `wildcard` would make something of it.
import { perMatcher } from '../leaves.ts';
import { EVENTBRIDGE_GUIDE, type LintRule } from '../lintrule.ts';

export const starInString: LintRule = {
  id: 'star-in-string',
  severity: 'warning',
  title: 'a `*` outside `wildcard` stands for itself',
  link: `${EVENTBRIDGE_GUIDE}/eb-create-pattern-operators.html`,
  example: { wrong: { detail: { eventName: ['Run*'] } }, right: { detail: { eventName: [{ wildcard: 'Run*' }] } } },
  check: perMatcher((matcher, { key }) => {
    if (matcher.kind !== 'string' || !matcher.value.includes('*') || MAY_HAVE_STARS.test(key.path)) return [];
    const value = JSON.stringify(matcher.value);
    return [{ message: `\`*\` in ${value} stands for itself`, help: `write {"wildcard": ${value}}`, at: matcher.at, end: matcher.end }];
  }),
};

/** Names of AWS have no star; ARNs and policies in parameters may. */
const MAY_HAVE_STARS = /^detail\.(requestParameters|responseElements|additionalEventData)\./;
