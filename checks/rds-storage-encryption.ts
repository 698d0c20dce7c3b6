// Databases of RDS whose storage is not encrypted.
import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import { type Asker, answerOrWhy, check, type Line, NotAnswered } from '../events/advice/index.ts';
import { DATABASE_CHANGES, DB_CLUSTERS, DB_INSTANCES, dbClusters, dbInstances, isAurora, isOtherService } from './facts/databases.ts';

const COLUMNS = ['Status', 'Region', 'Resource', 'Engine Name', 'Last Updated Time'] as const;

interface RdsDatabases {
  instances: DBInstance[];
  clusters: DBCluster[] | NotAnswered;
}

/** A member of a cluster lies on the cluster's storage: Multi-AZ clusters stand here, Aurora's have their own check. */
async function rdsDatabases(asker: Asker): Promise<RdsDatabases> {
  const [instances, clusters] = await Promise.all([dbInstances(asker), answerOrWhy(dbClusters(asker))]);
  return { instances, clusters };
}

const judge = ({ instances, clusters }: RdsDatabases, now: string): Line<(typeof COLUMNS)[number]>[] => [
  ...instances
    .filter(({ DBClusterIdentifier, Engine = '' }) => DBClusterIdentifier === undefined && !isAurora(Engine) && !isOtherService(Engine))
    .map(({ DBInstanceIdentifier = '', DBInstanceArn, Engine = '', StorageEncrypted }) =>
      lineOf('DB instance', DBInstanceIdentifier, DBInstanceArn, Engine, StorageEncrypted === true, now),
    ),
  ...clusterLines(clusters, now),
];

/** Clusters that may not be listed don't hide the instances. */
function clusterLines(clusters: RdsDatabases['clusters'], now: string): Line<(typeof COLUMNS)[number]>[] {
  if (clusters instanceof NotAnswered)
    return [{ resource: clusters.call.action, status: 'not_available', values: {}, reason: clusters.reason }];
  return clusters
    .filter(({ Engine = '' }) => !isAurora(Engine) && !isOtherService(Engine))
    .map(({ DBClusterIdentifier = '', DBClusterArn, Engine = '', StorageEncrypted }) =>
      lineOf('DB cluster', DBClusterIdentifier, DBClusterArn, Engine, StorageEncrypted === true, now),
    );
}

const lineOf = (kind: string, resource: string, arn = resource, engine: string, isEncrypted: boolean, now: string) =>
  ({
    ...{ resource, status: isEncrypted ? 'ok' : 'error' },
    values: { Resource: arn, 'Engine Name': engine, 'Last Updated Time': now },
    reason: `the storage of ${kind} \`${resource}\` is ${isEncrypted ? '' : 'not '}encrypted`,
  }) satisfies Line<(typeof COLUMNS)[number]>;

export default check({
  id: 'c1qf5bt006',
  name: 'Amazon RDS storage encryption is turned off',
  category: 'security',
  description:
    'Looks whether the storage of DB instances and Multi-AZ DB clusters is encrypted, and with it their backups, replicas and snapshots. Aurora has a check of its own.',
  criteria: { red: 'the storage is not encrypted', green: 'the storage is encrypted' },
  action: 'It can’t be turned on later: take a snapshot, copy it with a KMS key, restore a database from the copy and move to it.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#amazon-rds-storage-encryption-off',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html',
  ],
  columns: COLUMNS,
  controls: ['config.rds-storage-encrypted', 'securityhub.RDS.3', 'cis.2.3.1'],
  scope: 'region',
  calls: [DB_INSTANCES, DB_CLUSTERS],
  collect: rdsDatabases,
  judge: (facts, { now }) => judge(facts, new Date(now).toISOString()),
  staleAfter: DATABASE_CHANGES,
});
