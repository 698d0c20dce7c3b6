// `own-output`: a rule that can match findings, which rules put on the same bus.
import { RECORD_FIELDS } from '../../../cloudtrail.ts';
import { FINDING_DETAIL_TYPE, FINDING_SOURCE } from '../../../finding.ts';
import type { Branch } from '../../branches.ts';
import { recordFieldIn } from '../about.ts';
import { asksAbsence, leafHolds, namedValues } from '../leaves.ts';
import { EVENTBRIDGE_GUIDE, type LintRule, wholePattern } from '../lintrule.ts';

export const ownOutput: LintRule = {
  id: 'own-output',
  severity: 'warning',
  title: 'the rule can match findings, which rules make: a loop',
  link: `${EVENTBRIDGE_GUIDE}/eb-rules-best-practices.html`,
  example: {
    wrong: { detail: { severity: ['high'] } },
    right: { source: [{ prefix: 'cloudtrail.' }], detail: { severity: ['high'] } },
  },
  check: (rule) => {
    const { branches, leaves, pattern } = rule;
    // Who names findings means them.
    const named = leaves.some((leaf) => namedValues(leaf).some(({ value }) => value === FINDING_SOURCE || value === FINDING_DETAIL_TYPE));
    if (named || !branches.some((branch) => canMatchFinding(branch, pattern.text))) return [];
    const message = 'the rule also matches findings, which rules put on the same bus: it can feed itself';
    return [{ message, help: 'add "source": [{"prefix": "cloudtrail."}]', ...wholePattern(rule) }];
  },
};

/** Whether a branch can match a finding: nothing in it asks for another source or detail-type, or for a field that only records have. */
function canMatchFinding(branch: Branch, text: string): boolean {
  for (const [path, leaf] of branch) {
    if (RECORD_FIELDS.includes(recordFieldIn(path) ?? '') && !asksAbsence(leaf)) return false;
    const value = path === 'source' ? FINDING_SOURCE : path === 'detail-type' ? FINDING_DETAIL_TYPE : undefined;
    if (value !== undefined && !leafHolds(JSON.stringify(value), leaf, text)) return false;
  }
  return true;
}
