// How many IAM users there are, of how many there may be.
import { iamLimitCheck } from './facts/iamlimits.ts';

export default iamLimitCheck(
  'Users',
  {
    id: 'qS7VV0l7J9',
    name: 'IAM Users',
    limit: 'Users',
    description: 'Counts the IAM users against their limit. At the limit nobody new gets a user; federation needs none.',
  },
  ['CreateUser', 'DeleteUser'],
);
