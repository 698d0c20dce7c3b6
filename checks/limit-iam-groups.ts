// How many IAM groups there are, of how many there may be.
import { iamLimitCheck } from './facts/iamlimits.ts';

export default iamLimitCheck(
  'Groups',
  {
    id: 'sU7XX0l7J9',
    name: 'IAM Group',
    limit: 'Groups',
    description: 'Counts the IAM groups against their limit. At the limit no new group can be made.',
  },
  ['CreateGroup', 'DeleteGroup'],
);
