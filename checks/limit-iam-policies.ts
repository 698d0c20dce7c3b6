// How many IAM policies there are, of how many there may be.
import { iamLimitCheck } from './facts/iamlimits.ts';

export default iamLimitCheck(
  'Policies',
  {
    id: 'pR7UU0l7J9',
    name: 'IAM Policies',
    limit: 'Policies',
    description: 'Counts the customer managed policies against their limit. At the limit stacks that make a policy fail to deploy.',
  },
  ['CreatePolicy', 'DeletePolicy'],
);
