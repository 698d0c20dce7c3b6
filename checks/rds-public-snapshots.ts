// Snapshots of databases that every AWS account can restore.
import type {
  DBClusterSnapshot,
  DBSnapshot,
  DescribeDBClusterSnapshotAttributesCommandInput,
  DescribeDBClusterSnapshotAttributesCommandOutput,
  DescribeDBClusterSnapshotsCommandInput,
  DescribeDBClusterSnapshotsCommandOutput,
  DescribeDBSnapshotAttributesCommandInput,
  DescribeDBSnapshotAttributesCommandOutput,
  DescribeDBSnapshotsCommandInput,
  DescribeDBSnapshotsCommandOutput,
} from '@aws-sdk/client-rds';
import { type Asker, answerOrWhy, apiCall, check, type Line, NotAnswered } from '../events/advice/index.ts';

const SNAPSHOTS = apiCall<DescribeDBSnapshotsCommandInput, DescribeDBSnapshotsCommandOutput>('rds', 'DescribeDBSnapshots');
const ATTRIBUTES = apiCall<DescribeDBSnapshotAttributesCommandInput, DescribeDBSnapshotAttributesCommandOutput>(
  'rds',
  'DescribeDBSnapshotAttributes',
);
const CLUSTER_SNAPSHOTS = apiCall<DescribeDBClusterSnapshotsCommandInput, DescribeDBClusterSnapshotsCommandOutput>(
  'rds',
  'DescribeDBClusterSnapshots',
);
const CLUSTER_ATTRIBUTES = apiCall<DescribeDBClusterSnapshotAttributesCommandInput, DescribeDBClusterSnapshotAttributesCommandOutput>(
  'rds',
  'DescribeDBClusterSnapshotAttributes',
);

const COLUMNS = ['Status', 'Region', 'DB Instance or Cluster ID', 'Snapshot ID'] as const;

interface SharedSnapshot {
  snapshot: DBSnapshot | DBClusterSnapshot;
  attributes: DescribeDBSnapshotAttributesCommandOutput | DescribeDBClusterSnapshotAttributesCommandOutput | NotAnswered;
}

/** Only snapshots made by hand can be shared. Those of clusters that can't be listed don't hide those of instances. */
interface DatabaseSnapshots {
  instances: SharedSnapshot[] | NotAnswered;
  clusters: SharedSnapshot[] | NotAnswered;
}

const collect = async (asker: Asker): Promise<DatabaseSnapshots> => {
  const [instances, clusters] = await Promise.all([answerOrWhy(ofInstances(asker)), answerOrWhy(ofClusters(asker))]);
  return { instances, clusters };
};

async function ofInstances(asker: Asker): Promise<SharedSnapshot[]> {
  const pages = await asker.pages(SNAPSHOTS, { SnapshotType: 'manual' });
  const snapshots = pages.flatMap(({ DBSnapshots = [] }) => DBSnapshots);
  return Promise.all(
    snapshots.map(async (snapshot) => {
      const input = { DBSnapshotIdentifier: snapshot.DBSnapshotIdentifier ?? '' };
      return { snapshot, attributes: await answerOrWhy(asker.ask(ATTRIBUTES, input)) };
    }),
  );
}

async function ofClusters(asker: Asker): Promise<SharedSnapshot[]> {
  const pages = await asker.pages(CLUSTER_SNAPSHOTS, { SnapshotType: 'manual' });
  const snapshots = pages.flatMap(({ DBClusterSnapshots = [] }) => DBClusterSnapshots);
  return Promise.all(
    snapshots.map(async (snapshot) => {
      const input = { DBClusterSnapshotIdentifier: snapshot.DBClusterSnapshotIdentifier ?? '' };
      return { snapshot, attributes: await answerOrWhy(asker.ask(CLUSTER_ATTRIBUTES, input)) };
    }),
  );
}

function linesOf({ snapshot, attributes }: SharedSnapshot): Line<(typeof COLUMNS)[number]>[] {
  const [resource = '', database = ''] =
    'DBClusterSnapshotIdentifier' in snapshot
      ? [snapshot.DBClusterSnapshotIdentifier, snapshot.DBClusterIdentifier]
      : [(snapshot as DBSnapshot).DBSnapshotIdentifier, (snapshot as DBSnapshot).DBInstanceIdentifier];
  const values = { 'DB Instance or Cluster ID': database, 'Snapshot ID': resource };
  if (attributes instanceof NotAnswered) {
    // Deleted after it was listed.
    if (/SnapshotNotFound/.test(attributes.code)) return [];
    return [{ resource, status: 'not_available', values, reason: attributes.reason }];
  }
  return [
    restorersOf(attributes).includes('all')
      ? { resource, status: 'error', values, reason: `every AWS account can restore snapshot \`${resource}\` of \`${database}\`` }
      : { resource, status: 'ok', values, reason: `snapshot \`${resource}\` is not shared with everybody` },
  ];
}

function restorersOf(answer: DescribeDBSnapshotAttributesCommandOutput | DescribeDBClusterSnapshotAttributesCommandOutput): string[] {
  const attributes =
    'DBClusterSnapshotAttributesResult' in answer
      ? answer.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes
      : (answer as DescribeDBSnapshotAttributesCommandOutput).DBSnapshotAttributesResult?.DBSnapshotAttributes;
  return (attributes ?? []).flatMap(({ AttributeName, AttributeValues = [] }) => (AttributeName === 'restore' ? AttributeValues : []));
}

const judge = ({ instances, clusters }: DatabaseSnapshots) =>
  [instances, clusters].flatMap((snapshots): Line<(typeof COLUMNS)[number]>[] =>
    snapshots instanceof NotAnswered
      ? [{ resource: snapshots.call.action, status: 'not_available', values: {}, reason: snapshots.reason }]
      : snapshots.flatMap(linesOf),
  );

export default check({
  id: 'rSs93HQwa1',
  name: 'Amazon RDS Public Snapshots',
  category: 'security',
  description:
    'Looks at who may restore the snapshots that were made by hand of DB instances and clusters. A public snapshot gives the whole database to every AWS account.',
  criteria: { red: 'the snapshot is public: everybody may restore it', green: 'it is private, or shared with named accounts' },
  action:
    'Take `all` out of the attribute `restore` (ModifyDBSnapshotAttribute, ModifyDBClusterSnapshotAttribute), and share it with named accounts. Take what was in it as leaked.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#amazon-rds-public-snapshots',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html',
  ],
  columns: COLUMNS,
  controls: ['config.rds-snapshots-public-prohibited', 'securityhub.RDS.1'],
  scope: 'region',
  calls: [SNAPSHOTS, ATTRIBUTES, CLUSTER_SNAPSHOTS, CLUSTER_ATTRIBUTES],
  collect,
  judge,
  staleAfter: [
    {
      source: ['cloudtrail.rds'],
      detail: {
        eventName: [
          ...['ModifyDBSnapshotAttribute', 'CreateDBSnapshot', 'CopyDBSnapshot', 'DeleteDBSnapshot'],
          ...['ModifyDBClusterSnapshotAttribute', 'CreateDBClusterSnapshot', 'CopyDBClusterSnapshot', 'DeleteDBClusterSnapshot'],
        ],
      },
    },
  ],
});
