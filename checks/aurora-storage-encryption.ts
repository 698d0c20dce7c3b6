// Aurora clusters whose storage is not encrypted.
import { check } from '../events/advice/index.ts';
import { DATABASE_CHANGES, DB_CLUSTERS, dbClusters, isAurora } from './facts/databases.ts';

export default check({
  id: 'c1qf5bt005',
  name: 'Amazon RDS Aurora storage encryption is turned off',
  category: 'security',
  description: 'Looks whether the storage of Aurora clusters is encrypted, and with it their backups, replicas and snapshots.',
  criteria: { red: 'the cluster’s storage is not encrypted', green: 'the cluster’s storage is encrypted' },
  action: 'It can’t be turned on later: restore a snapshot of the cluster into a new one with a KMS key, and move to it.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#amazon-rds-aurora-storage-encryption-off',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html',
  ],
  columns: ['Status', 'Region', 'Resource', 'Engine Name', 'Last Updated Time'],
  controls: ['securityhub.RDS.27', 'cis.2.3.1'],
  scope: 'region',
  calls: [DB_CLUSTERS],
  collect: dbClusters,
  judge: (clusters, { now }) =>
    clusters
      .filter(({ Engine = '' }) => isAurora(Engine))
      .map(({ DBClusterIdentifier: resource = '', DBClusterArn = resource, Engine = '', StorageEncrypted }) => ({
        ...{ resource, status: StorageEncrypted === true ? 'ok' : 'error' },
        values: { Resource: DBClusterArn, 'Engine Name': Engine, 'Last Updated Time': new Date(now).toISOString() },
        reason: `the storage of Aurora cluster \`${resource}\` is ${StorageEncrypted === true ? '' : 'not '}encrypted`,
      })),
  staleAfter: DATABASE_CHANGES,
});
