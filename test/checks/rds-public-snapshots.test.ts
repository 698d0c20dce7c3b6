// Public snapshots of databases: instances and clusters, what vanishes, what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import publicSnapshots from '../../checks/rds-public-snapshots.ts';
import { type Answers, asked } from './account.ts';

const XMLNS = 'xmlns="http://rds.amazonaws.com/doc/2014-10-31/"';
const answerOf = (operation: string, inner: string) =>
  `<${operation}Response ${XMLNS}><${operation}Result>${inner}</${operation}Result></${operation}Response>`;
const restore = (Cluster: string, value: string) =>
  answerOf(
    `DescribeDB${Cluster}SnapshotAttributes`,
    `<DB${Cluster}SnapshotAttributesResult><DB${Cluster}SnapshotAttributes><DB${Cluster}SnapshotAttribute><AttributeName>restore</AttributeName><AttributeValues><AttributeValue>${value}</AttributeValue></AttributeValues></DB${Cluster}SnapshotAttribute></DB${Cluster}SnapshotAttributes></DB${Cluster}SnapshotAttributesResult>`,
  );
const instances = (ids: string[], marker = '') =>
  answerOf(
    'DescribeDBSnapshots',
    `<DBSnapshots>${ids.map((id) => `<DBSnapshot><DBSnapshotIdentifier>${id}</DBSnapshotIdentifier><DBInstanceIdentifier>db-${id}</DBInstanceIdentifier></DBSnapshot>`).join('')}</DBSnapshots>${marker}`,
  );
const clusters = (...ids: string[]) =>
  answerOf(
    'DescribeDBClusterSnapshots',
    `<DBClusterSnapshots>${ids.map((id) => `<DBClusterSnapshot><DBClusterSnapshotIdentifier>${id}</DBClusterSnapshotIdentifier><DBClusterIdentifier>cluster-${id}</DBClusterIdentifier></DBClusterSnapshot>`).join('')}</DBClusterSnapshots>`,
  );
const failed = (status: number, code: string) => ({ status, body: `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>` });
const answers = (more: Answers = {}): Answers => ({
  DescribeDBSnapshots: instances(['s1']),
  DescribeDBSnapshotAttributes: restore('', 'all'),
  DescribeDBClusterSnapshots: clusters('c1'),
  DescribeDBClusterSnapshotAttributes: restore('Cluster', '444455556666'),
  ...more,
});
const lines = async (given: Answers) =>
  (await asked(publicSnapshots, given)).flaggedResources.map(({ resourceId, status, reason }) => `${resourceId} ${status}: ${reason}`);

test('a snapshot that all may restore is red, one for an account green; only those made by hand are asked for', async () => {
  const { flaggedResources, calls } = await asked(publicSnapshots, answers());
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [
      ['Red', 'us-east-1', 'db-s1', 's1'],
      ['Green', 'us-east-1', 'cluster-c1', 'c1'],
    ],
  );
  assert.deepEqual(new Set(calls.map(({ input }) => input['SnapshotType'])), new Set(['manual', undefined]));
});

test('a cluster’s snapshot is judged as an instance’s', async () => {
  const given = answers({
    DescribeDBSnapshots: instances([]),
    DescribeDBClusterSnapshotAttributes: restore('Cluster', 'all'),
  });
  assert.deepEqual(await lines(given), ['c1 error: every AWS account can restore snapshot `c1` of `cluster-c1`']);
});

test('every page is asked for', async () => {
  const given = answers({
    DescribeDBSnapshots: ({ input }) => (input['Marker'] === 'm' ? instances(['s2']) : instances(['s1'], '<Marker>m</Marker>')),
    DescribeDBClusterSnapshots: clusters(),
  });
  assert.equal((await lines(given)).length, 2);
});

test('a snapshot that vanishes has no line; one that may not be asked for says so', async () => {
  const given = (code: string) =>
    answers({
      DescribeDBSnapshots: instances(['s1', 's2']),
      DescribeDBSnapshotAttributes: ({ input }) => (input['DBSnapshotIdentifier'] === 's1' ? failed(404, code) : restore('', 'all')),
      DescribeDBClusterSnapshots: clusters(),
    });
  const red = 's2 error: every AWS account can restore snapshot `s2` of `db-s2`';
  assert.deepEqual(await lines(given('DBSnapshotNotFound')), [red]);
  assert.deepEqual(await lines(given('AccessDenied')), [
    's1 not_available: not asked: the role may not call rds:DescribeDBSnapshotAttributes in us-east-1',
    red,
  ]);
});

test('clusters that may not be listed don’t hide the instances’ snapshots', async () => {
  assert.deepEqual(await lines(answers({ DescribeDBClusterSnapshots: failed(403, 'AccessDenied') })), [
    's1 error: every AWS account can restore snapshot `s1` of `db-s1`',
    'rds:DescribeDBClusterSnapshots not_available: not asked: the role may not call rds:DescribeDBClusterSnapshots in us-east-1',
  ]);
});
