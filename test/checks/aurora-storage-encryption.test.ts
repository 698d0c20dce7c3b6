// Storage of Aurora clusters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import auroraEncryption from '../../checks/aurora-storage-encryption.ts';
import { asked } from './account.ts';

const cluster = (id: string, engine: string, isEncrypted: boolean) =>
  `<DBCluster><DBClusterIdentifier>${id}</DBClusterIdentifier><DBClusterArn>arn:aws:rds:us-east-1:111122223333:cluster:${id}</DBClusterArn><Engine>${engine}</Engine><StorageEncrypted>${isEncrypted}</StorageEncrypted></DBCluster>`;
const page = (clusters: string, marker = '') =>
  `<DescribeDBClustersResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBClustersResult><DBClusters>${clusters}</DBClusters>${marker}</DescribeDBClustersResult></DescribeDBClustersResponse>`;

test('an unencrypted cluster is red, an encrypted one green, of other engines none stands, on every page', async () => {
  const { status, flaggedResources } = await asked(auroraEncryption, {
    DescribeDBClusters: ({ input }) =>
      input['Marker'] === 'm'
        ? page(cluster('c', 'aurora-mysql', true))
        : page(
            cluster('a', 'aurora-postgresql', false) + cluster('b', 'mysql', false) + cluster('n', 'neptune', false),
            '<Marker>m</Marker>',
          ),
  });
  assert.equal(status, 'error');
  const arn = (id: string) => `arn:aws:rds:us-east-1:111122223333:cluster:${id}`;
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [
      ['Red', 'us-east-1', arn('a'), 'aurora-postgresql', '2026-11-28T12:00:00.000Z'],
      ['Green', 'us-east-1', arn('c'), 'aurora-mysql', '2026-11-28T12:00:00.000Z'],
    ],
  );
});

test('a role that may not look is told so', async () => {
  const { status, flaggedResources } = await asked(auroraEncryption, {});
  assert.equal(status, 'not_available');
  assert.match(flaggedResources[0]!.reason, /rds:DescribeDBClusters/);
});
