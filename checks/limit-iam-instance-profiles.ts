// How many IAM instance profiles there are, of how many there may be.
import { iamLimitCheck } from './facts/iamlimits.ts';

export default iamLimitCheck(
  'InstanceProfiles',
  {
    id: 'nO7SS0l7J9',
    name: 'IAM Instance Profiles',
    limit: 'Instance profiles',
    description: 'Counts the instance profiles against their limit. At the limit stacks whose instances need a role fail to deploy.',
  },
  ['CreateInstanceProfile', 'DeleteInstanceProfile'],
);
