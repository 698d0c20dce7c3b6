// The database instances and clusters of a region.
import type {
  DBCluster,
  DBInstance,
  DescribeDBClustersCommandInput,
  DescribeDBClustersCommandOutput,
  DescribeDBInstancesCommandInput,
  DescribeDBInstancesCommandOutput,
} from '@aws-sdk/client-rds';
import { type Asker, apiCall } from '../../events/advice/index.ts';

export const DB_INSTANCES = apiCall<DescribeDBInstancesCommandInput, DescribeDBInstancesCommandOutput>('rds', 'DescribeDBInstances');
export const DB_CLUSTERS = apiCall<DescribeDBClustersCommandInput, DescribeDBClustersCommandOutput>('rds', 'DescribeDBClusters');

export const dbInstances = async (asker: Asker): Promise<DBInstance[]> =>
  (await asker.pages(DB_INSTANCES, {})).flatMap((page) => page.DBInstances ?? []);

export const dbClusters = async (asker: Asker): Promise<DBCluster[]> =>
  (await asker.pages(DB_CLUSTERS, {})).flatMap((page) => page.DBClusters ?? []);

/** Neptune and DocumentDB answer in RDS's lists, and are not RDS. */
export const isOtherService = (engine: string): boolean => engine === 'neptune' || engine === 'docdb';

export const isAurora = (engine: string): boolean => engine.startsWith('aurora');

/** Databases that come, go and change. */
export const DATABASE_CHANGES = [
  {
    source: ['cloudtrail.rds'],
    detail: {
      eventName: [
        ...['CreateDBInstance', 'DeleteDBInstance', 'ModifyDBInstance', 'CreateDBInstanceReadReplica', 'RestoreDBInstanceFromDBSnapshot'],
        ...['RestoreDBInstanceFromS3', 'RestoreDBInstanceToPointInTime', 'CreateDBCluster', 'DeleteDBCluster', 'ModifyDBCluster'],
        ...['RestoreDBClusterFromSnapshot', 'RestoreDBClusterFromS3', 'RestoreDBClusterToPointInTime'],
      ],
    },
  },
];
