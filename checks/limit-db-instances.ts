// How many DB instances there are, of how many there may be.
import { rdsLimitCheck } from './facts/rdslimits.ts';

export default rdsLimitCheck(
  'DBInstances',
  {
    id: 'XG0aXHpIEt',
    name: 'RDS DB Instances',
    limit: 'DB instances',
    description:
      'Counts the DB instances of RDS, Aurora’s too, against the limit of the region. At the limit no database can be created or restored.',
  },
  [
    'CreateDBInstance',
    'DeleteDBInstance',
    'CreateDBInstanceReadReplica',
    'RestoreDBInstanceFromDBSnapshot',
    'RestoreDBInstanceFromS3',
    'RestoreDBInstanceToPointInTime',
  ],
);
