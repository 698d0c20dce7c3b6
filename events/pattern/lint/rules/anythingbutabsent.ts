// `anything-but-absent`: `anything-but` on a field that CloudTrail leaves out of many records.
import { OMITTED } from '../../../cloudtrail.ts';
import { CLOUDTRAIL_GUIDE, type LintRule } from '../lintrule.ts';

export const anythingButAbsent: LintRule = {
  id: 'anything-but-absent',
  severity: 'warning',
  title: '`anything-but` on a field that is often absent',
  link: `${CLOUDTRAIL_GUIDE}/cloudtrail-event-reference-record-contents.html`,
  example: {
    wrong: { detail: { errorCode: [{ 'anything-but': 'AccessDenied' }] } },
    right: { detail: { errorCode: [{ 'anything-but': 'AccessDenied' }, { exists: false }] } },
  },
  check: ({ leaves }) =>
    leaves.flatMap(({ key, matchers }) => {
      const but = matchers.find(({ kind }) => kind === 'anything-but');
      const isOmitted = OMITTED.some(([fits]) => fits.test(key.path));
      if (but === undefined || !isOmitted || matchers.some(({ kind }) => kind === 'exists')) return [];
      const message = `anything-but needs \`${key.path}\` to be there, and it is often absent`;
      const help = 'add {"exists": false} to the list if absence is fine too';
      return [{ severity: severityAt(key.path), message, help, at: but.at, end: but.end }];
    }),
};

/** Parameters are absent for other events than the one a rule names; errorCode and its like are for the very same. */
const severityAt = (path: string) => (/^detail\.(requestParameters|responseElements)\./.test(path) ? 'note' : 'warning');
