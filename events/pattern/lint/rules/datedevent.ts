// `dated-event`: Lambda operations that CloudTrail writes with a date behind the name.
import type { Leaf } from '../../ast.ts';
import { isWrittenWithDate } from '../known.ts';
import type { LintRule } from '../lintrule.ts';
import { holdersOf, perEventName } from '../namedevents.ts';

export const datedEvent: LintRule = {
  id: 'dated-event',
  severity: 'warning',
  title: 'CloudTrail adds a date to this eventName',
  link: 'https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html',
  example: {
    wrong: { detail: { eventSource: ['lambda.amazonaws.com'], eventName: ['UpdateFunctionCode'] } },
    right: { detail: { eventSource: ['lambda.amazonaws.com'], eventName: [{ prefix: 'UpdateFunctionCode' }] } },
  },
  check: perEventName((named) => {
    const { matcher, leaf } = named;
    if (matcher.kind !== 'string') return [];
    const name = matcher.value;
    const holders = holdersOf(name, named);
    if (holders.length === 0 || !holders.every((service) => isWrittenWithDate(service, name))) return [];
    if (matchesSome(leaf, `${name}20150331`) || matchesSome(leaf, `${name}20150331v2`)) return [];
    const message = `Lambda’s \`${name}\` stands in CloudTrail with a date behind it, such as \`${name}20150331v2\``;
    return [{ message, help: `write {"prefix": "${name}"}`, at: matcher.at, end: matcher.end }];
  }),
};

/** Whether a list matches a text; asked of the list as parsed, so that no JSON has to be put together. */
const matchesSome = ({ matchers }: Leaf, text: string) =>
  matchers.some(
    (matcher) => (matcher.kind === 'string' && matcher.value === text) || (matcher.kind === 'prefix' && text.startsWith(matcher.value)),
  );
