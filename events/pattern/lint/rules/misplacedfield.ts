// `misplaced-field`: a field of the record that stands beside `detail`.
import { ENVELOPE_FIELDS, RECORD_FIELDS } from '../../../cloudtrail.ts';
import { EVENTBRIDGE_GUIDE, type LintRule } from '../lintrule.ts';

export const misplacedField: LintRule = {
  id: 'misplaced-field',
  severity: 'error',
  title: 'a field of the record stands outside `detail`',
  link: `${EVENTBRIDGE_GUIDE}/eb-events-structure.html`,
  example: {
    wrong: { source: ['cloudtrail.iam'], eventName: ['CreateUser'] },
    right: { source: ['cloudtrail.iam'], detail: { eventName: ['CreateUser'] } },
  },
  check: ({ leaves }) =>
    leaves.flatMap(({ key }) => {
      const first = key.path.split('.')[0]!;
      if (ENVELOPE_FIELDS.includes(first) || !RECORD_FIELDS.includes(first)) return [];
      const message = `\`${key.path}\` is a field of the record, which stands under \`detail\``;
      return [{ message, help: `write {"detail": {"${first}": …}}`, at: key.at, end: key.end }];
    }),
};
