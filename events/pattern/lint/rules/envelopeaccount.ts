// `envelope-account`: fields of the envelope that say where the bus is, not where the call was made.
import { EVENTBRIDGE_GUIDE, type LintRule } from '../lintrule.ts';

/** What the record says instead. */
const IN_RECORD: Record<string, string | undefined> = { account: 'recipientAccountId', region: 'awsRegion' };

export const envelopeAccount: LintRule = {
  id: 'envelope-account',
  severity: 'warning',
  title: '`account` and `region` of an event are the bus’s, not the record’s',
  link: `${EVENTBRIDGE_GUIDE}/eb-events-structure.html`,
  example: { wrong: { account: ['111122223333'] }, right: { detail: { recipientAccountId: ['111122223333'] } } },
  check: ({ leaves }) =>
    leaves.flatMap(({ key }) => {
      const inside = IN_RECORD[key.path];
      if (inside === undefined) return [];
      const message = `\`${key.path}\` is the one of the bus, the same in every event`;
      return [{ message, help: `match on \`detail.${inside}\``, at: key.at, end: key.end }];
    }),
};
