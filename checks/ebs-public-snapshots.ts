// Snapshots of volumes that every AWS account can read.
import type {
  DescribeSnapshotAttributeCommandInput,
  DescribeSnapshotAttributeCommandOutput,
  DescribeSnapshotsCommandInput,
  DescribeSnapshotsCommandOutput,
  GetSnapshotBlockPublicAccessStateCommandInput,
  GetSnapshotBlockPublicAccessStateCommandOutput,
  Snapshot,
} from '@aws-sdk/client-ec2';
import { type AskedPlace, type Asker, answerOrWhy, apiCall, check, type Line, NotAnswered } from '../events/advice/index.ts';

const SNAPSHOTS = apiCall<DescribeSnapshotsCommandInput, DescribeSnapshotsCommandOutput>('ec2', 'DescribeSnapshots');
const ATTRIBUTE = apiCall<DescribeSnapshotAttributeCommandInput, DescribeSnapshotAttributeCommandOutput>(
  'ec2',
  'DescribeSnapshotAttribute',
);
const BLOCK = apiCall<GetSnapshotBlockPublicAccessStateCommandInput, GetSnapshotBlockPublicAccessStateCommandOutput>(
  'ec2',
  'GetSnapshotBlockPublicAccessState',
);

const COLUMNS = ['Status', 'Region', 'Volume ID', 'Snapshot ID', 'Description'] as const;

interface SnapshotFacts {
  snapshots: Snapshot[];
  /** By id, of those that are said to be shared with all. */
  permissions: ReadonlyMap<string, DescribeSnapshotAttributeCommandOutput | NotAnswered>;
  block: GetSnapshotBlockPublicAccessStateCommandOutput | NotAnswered;
}

/** Few snapshots are shared with all: only those are asked for their permissions. */
async function snapshotFacts(asker: Asker, { account }: AskedPlace): Promise<SnapshotFacts> {
  const [own, shared, block] = await Promise.all([
    asker.pages(SNAPSHOTS, { OwnerIds: ['self'] }),
    asker.pages(SNAPSHOTS, { OwnerIds: ['self'], RestorableByUserIds: ['all'] }),
    answerOrWhy(asker.ask(BLOCK, {})),
  ]);
  const ofAccount = (pages: DescribeSnapshotsCommandOutput[]) =>
    pages.flatMap(({ Snapshots = [] }) => Snapshots).filter(({ OwnerId = account }) => OwnerId === account);
  const permissions = ofAccount(shared).map(async ({ SnapshotId = '' }) => {
    const answer = await answerOrWhy(asker.ask(ATTRIBUTE, { SnapshotId, Attribute: 'createVolumePermission' }));
    return [SnapshotId, answer] as const;
  });
  return { snapshots: ofAccount(own), permissions: new Map(await Promise.all(permissions)), block };
}

function judge({ snapshots, permissions, block }: SnapshotFacts): Line<(typeof COLUMNS)[number]>[] {
  const isBlocked = !(block instanceof NotAnswered) && block.State === 'block-all-sharing';
  return snapshots.flatMap(({ SnapshotId: resource = '', VolumeId = '', Description = '' }) => {
    const values = { 'Volume ID': VolumeId, 'Snapshot ID': resource, Description };
    const permission = permissions.get(resource);
    if (isBlocked) return { resource, status: 'ok', values, reason: `sharing snapshots with everybody is blocked in this region` };
    if (permission === undefined) return { resource, status: 'ok', values, reason: `snapshot \`${resource}\` is private` };
    if (!(permission instanceof NotAnswered)) return lineOf(resource, values, permission);
    // Deleted after it was listed.
    return permission.code === 'InvalidSnapshot.NotFound' ? [] : { resource, status: 'not_available', values, reason: permission.reason };
  });
}

function lineOf(
  resource: string,
  values: object,
  { CreateVolumePermissions = [] }: DescribeSnapshotAttributeCommandOutput,
): Line<(typeof COLUMNS)[number]> {
  if (CreateVolumePermissions.some(({ Group }) => Group === 'all'))
    return { resource, status: 'error', values, reason: `every AWS account can make a volume of snapshot \`${resource}\`, and read it` };
  return { resource, status: 'ok', values, reason: `snapshot \`${resource}\` is not shared with everybody` };
}

export default check({
  id: 'ePs02jT06w',
  name: 'Amazon EBS Public Snapshots',
  category: 'security',
  description:
    'Looks at the permissions of your own snapshots of EBS volumes. A public snapshot gives all data on it to every AWS account; there are people who look for new ones all day.',
  criteria: {
    red: 'the snapshot is public: everybody may create a volume of it',
    green: 'it is private or shared with named accounts, or the region blocks all public sharing (block-all-sharing)',
  },
  action:
    'Make the snapshot private (ModifySnapshotAttribute, remove the group `all`), share it with named accounts, and turn on block public access for snapshots with block-all-sharing.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#amazon-ebs-public-snapshots',
    'https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html',
  ],
  columns: COLUMNS,
  controls: ['config.ebs-snapshot-public-restorable-check', 'securityhub.EC2.1'],
  scope: 'region',
  calls: [SNAPSHOTS, ATTRIBUTE, BLOCK],
  collect: snapshotFacts,
  judge,
  staleAfter: [
    {
      source: ['cloudtrail.ec2'],
      detail: {
        eventName: [
          ...['ModifySnapshotAttribute', 'ResetSnapshotAttribute', 'CreateSnapshot', 'CreateSnapshots', 'CopySnapshot', 'DeleteSnapshot'],
          ...['EnableSnapshotBlockPublicAccess', 'DisableSnapshotBlockPublicAccess'],
        ],
      },
    },
  ],
});
