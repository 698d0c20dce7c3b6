// Volumes in use whose data lies on disk unencrypted.
import type { DescribeVolumesCommandInput, DescribeVolumesCommandOutput, Volume } from '@aws-sdk/client-ec2';
import { apiCall, check, type Line } from '../events/advice/index.ts';

const VOLUMES = apiCall<DescribeVolumesCommandInput, DescribeVolumesCommandOutput>('ec2', 'DescribeVolumes');

const COLUMNS = ['Status', 'Region', 'Volume ID', 'Instance ID', 'KMS Key'] as const;

function lineOf({ VolumeId = '', Attachments = [], Encrypted, KmsKeyId = '' }: Volume): Line<(typeof COLUMNS)[number]> {
  const instances = Attachments.map(({ InstanceId }) => InstanceId ?? '').join(', ');
  const values = { 'Volume ID': VolumeId, 'Instance ID': instances, 'KMS Key': KmsKeyId };
  if (Encrypted === true) return { resource: VolumeId, status: 'ok', values, reason: `volume \`${VolumeId}\` is encrypted` };
  return { resource: VolumeId, status: 'error', values, reason: `volume \`${VolumeId}\` of \`${instances}\` is not encrypted` };
}

export default check({
  id: 'trailbus-ebs-encryption',
  name: 'Amazon EBS Volume Encryption',
  category: 'security',
  description:
    'Looks at the volumes that are attached to instances. What is written to an unencrypted volume can be read by whoever gets a snapshot of it, and its snapshots are unencrypted too.',
  criteria: { red: 'a volume that is attached is not encrypted', green: 'the volume is encrypted' },
  action:
    'Take a snapshot, copy it encrypted, create a volume of the copy and put it in the old one’s place; then turn on encryption by default.',
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html',
    'https://docs.aws.amazon.com/config/latest/developerguide/encrypted-volumes.html',
  ],
  columns: COLUMNS,
  controls: ['config.encrypted-volumes', 'securityhub.EC2.3'],
  scope: 'region',
  calls: [VOLUMES],
  collect: (asker) => asker.pages(VOLUMES, {}),
  judge: (pages) =>
    pages
      .flatMap(({ Volumes = [] }) => Volumes)
      .filter(({ Attachments = [] }) => Attachments.length > 0)
      .map(lineOf),
  staleAfter: [
    {
      source: ['cloudtrail.ec2'],
      detail: {
        eventName: ['AttachVolume', 'DetachVolume', 'DeleteVolume', 'RunInstances', 'TerminateInstances', 'CreateReplaceRootVolumeTask'],
      },
    },
  ],
});
