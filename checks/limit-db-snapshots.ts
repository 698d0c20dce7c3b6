// How many manual snapshots of databases there are, of how many there may be.
import { rdsLimitCheck } from './facts/rdslimits.ts';

export default rdsLimitCheck(
  'ManualSnapshots',
  {
    id: 'dV84wpqRUs',
    name: 'RDS DB Manual Snapshots',
    limit: 'DB manual snapshots',
    description:
      'Counts the snapshots of databases that were made by hand against the limit of the region. At the limit a last snapshot before a deletion fails.',
  },
  ['CreateDBSnapshot', 'CopyDBSnapshot', 'DeleteDBSnapshot', 'DeleteDBInstance'],
);
