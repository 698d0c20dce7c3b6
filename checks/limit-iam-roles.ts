// How many IAM roles there are, of how many there may be.
import { iamLimitCheck } from './facts/iamlimits.ts';

export default iamLimitCheck(
  'Roles',
  {
    id: 'oQ7TT0l7J9',
    name: 'IAM Roles',
    limit: 'Roles',
    description: 'Counts the IAM roles against their limit. At the limit stacks and services that make a role fail to deploy.',
  },
  ['CreateRole', 'DeleteRole', 'CreateServiceLinkedRole', 'DeleteServiceLinkedRole'],
);
