// `detail-type`: nearly one of CloudTrail's detail-types.
import { DETAIL_TYPES } from '../../../cloudtrail.ts';
import { lettersOf, nearest } from '../../nearest.ts';
import { leavesAt, namedValues } from '../leaves.ts';
import { EVENTBRIDGE_GUIDE, type LintRule } from '../lintrule.ts';

export const detailType: LintRule = {
  id: 'detail-type',
  severity: 'error',
  title: 'a detail-type is misspelt',
  link: `${EVENTBRIDGE_GUIDE}/eb-service-event-cloudtrail.html`,
  example: {
    wrong: { 'detail-type': ['AWS Console Signin via CloudTrail'] },
    right: { 'detail-type': ['AWS Console Sign In via CloudTrail'] },
  },
  check: ({ leaves }) =>
    leavesAt(leaves, 'detail-type')
      .flatMap(namedValues)
      .flatMap(({ value, kind, at, end }) => {
        const meant = kind !== 'string' || DETAIL_TYPES.includes(value) ? undefined : DETAIL_TYPES.find((known) => isMeant(value, known));
        if (meant === undefined) return [];
        return [{ message: `no event has the detail-type \`${value}\``, help: `write \`${meant}\``, at, end }];
      }),
};

/** Misspelt a little, or only the beginning: `AWS Console Sign In`. */
function isMeant(written: string, known: string): boolean {
  const [letters, whole] = [lettersOf(written), lettersOf(known)];
  return letters === whole || nearest(letters, [whole]) !== undefined || (letters.length >= 8 && whole.startsWith(letters));
}
