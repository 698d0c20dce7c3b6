// Storage of RDS: instances and Multi-AZ clusters; Aurora, Neptune and DocumentDB are others' business.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import storageEncryption from '../../checks/rds-storage-encryption.ts';
import { asked, judged } from './account.ts';

const db = (DBInstanceIdentifier: string, Engine: string, StorageEncrypted: boolean, more: object = {}) => ({
  ...{ DBInstanceIdentifier, Engine, StorageEncrypted },
  ...more,
});
const cluster = (DBClusterIdentifier: string, Engine: string, StorageEncrypted: boolean) => ({
  DBClusterIdentifier,
  Engine,
  StorageEncrypted,
});

const cases: [string, object[], object[], string[]][] = [
  ['an unencrypted instance is red', [db('a', 'mysql', false)], [], ['a error: the storage of DB instance `a` is not encrypted']],
  ['an encrypted one is green', [db('a', 'postgres', true)], [], ['a ok: the storage of DB instance `a` is encrypted']],
  [
    'of a Multi-AZ cluster the cluster stands, not its members',
    [db('a-1', 'postgres', false, { DBClusterIdentifier: 'a' })],
    [cluster('a', 'postgres', false)],
    ['a error: the storage of DB cluster `a` is not encrypted'],
  ],
  ['Aurora has its own check', [db('a-1', 'aurora-mysql', false)], [cluster('a', 'aurora-mysql', false)], []],
  [
    'Neptune and DocumentDB are not RDS',
    [db('n', 'neptune', false), db('d', 'docdb', false)],
    [cluster('n', 'neptune', false), cluster('d', 'docdb', false)],
    [],
  ],
];
for (const [name, instances, clusters, expected] of cases)
  test(name, () => assert.deepEqual(judged(storageEncryption, { instances, clusters }), expected));

const answerOf = (operation: string, inner: string) =>
  `<${operation}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><${operation}Result>${inner}</${operation}Result></${operation}Response>`;
const instance = (id: string) =>
  `<DBInstance><DBInstanceIdentifier>${id}</DBInstanceIdentifier><DBInstanceArn>arn:aws:rds:us-east-1:111122223333:db:${id}</DBInstanceArn><Engine>mysql</Engine><StorageEncrypted>false</StorageEncrypted></DBInstance>`;

test('every page is asked for, and the columns are Trusted Advisor’s', async () => {
  const { flaggedResources } = await asked(storageEncryption, {
    DescribeDBInstances: ({ input }) =>
      answerOf(
        'DescribeDBInstances',
        `<DBInstances>${instance(input['Marker'] === 'm' ? 'b' : 'a')}</DBInstances>${input['Marker'] === 'm' ? '' : '<Marker>m</Marker>'}`,
      ),
    DescribeDBClusters: answerOf('DescribeDBClusters', '<DBClusters/>'),
  });
  assert.deepEqual(
    flaggedResources.map(({ resourceId, metadata }) => [resourceId, ...metadata]),
    ['a', 'b'].map((id) => [id, 'Red', 'us-east-1', `arn:aws:rds:us-east-1:111122223333:db:${id}`, 'mysql', '2026-11-28T12:00:00.000Z']),
  );
});

test('a role that may not look is told so', async () => {
  const { flaggedResources } = await asked(storageEncryption, { DescribeDBClusters: answerOf('DescribeDBClusters', '<DBClusters/>') });
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => `${status}: ${reason}`),
    ['not_available: not asked: the role may not call rds:DescribeDBInstances in us-east-1'],
  );
});

test('clusters that may not be listed don’t hide the instances', async () => {
  const { flaggedResources } = await asked(storageEncryption, {
    DescribeDBInstances: answerOf('DescribeDBInstances', `<DBInstances>${instance('a')}</DBInstances>`),
  });
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => `${status}: ${reason}`),
    [
      'error: the storage of DB instance `a` is not encrypted',
      'not_available: not asked: the role may not call rds:DescribeDBClusters in us-east-1',
    ],
  );
});
