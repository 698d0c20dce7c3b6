// Porting rules: which are CloudTrail's, by the same question that lint asks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portRules } from '../../../events/rules/index.ts';

const ported = (detailType: string[] | undefined) => {
  const rule = { source: ['aws.signin'], ...(detailType === undefined ? {} : { 'detail-type': detailType }) };
  return portRules(JSON.stringify(rule), 'rule.json', 'trailbus').changed.length === 1;
};

const cases: [detailType: string[] | undefined, isPorted: boolean][] = [
  [undefined, true],
  [['AWS API Call via CloudTrail'], true],
  [['AWS Console Sign In'], true],
  [['AWS Api call via cloudtrail'], true],
  [['EC2 Instance State-change Notification'], false],
  [['EC2 Instance State-change Notification', 'AWS API Call via CloudTrail'], true],
];
for (const [detailType, isPorted] of cases)
  test(`a rule of ${detailType?.join(' and ') ?? 'any event'} is ${isPorted ? 'ported' : 'left'}`, () =>
    assert.equal(ported(detailType), isPorted));
