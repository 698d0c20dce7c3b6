// Regions in which new volumes are not encrypted of themselves.
import type { GetEbsEncryptionByDefaultCommandInput, GetEbsEncryptionByDefaultCommandOutput } from '@aws-sdk/client-ec2';
import { apiCall, check } from '../events/advice/index.ts';

const BY_DEFAULT = apiCall<GetEbsEncryptionByDefaultCommandInput, GetEbsEncryptionByDefaultCommandOutput>(
  'ec2',
  'GetEbsEncryptionByDefault',
);

export default check({
  id: 'trailbus-ebs-encryption-by-default',
  name: 'Amazon EBS Encryption by Default',
  category: 'security',
  description:
    'Looks whether a region encrypts new volumes and copies of snapshots without being told to. Where it doesn’t, one forgotten switch leaves data unencrypted.',
  criteria: { yellow: 'encryption by default is off in the region', green: 'encryption by default is on in the region' },
  action: 'Turn it on in each region that is used: EC2 settings, data protection, or EnableEbsEncryptionByDefault.',
  references: [
    'https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html',
    'https://docs.aws.amazon.com/config/latest/developerguide/ec2-ebs-encryption-by-default.html',
  ],
  columns: ['Status', 'Region', 'Encryption by Default'],
  controls: ['config.ec2-ebs-encryption-by-default', 'securityhub.EC2.7', 'cis.2.2.1'],
  scope: 'region',
  calls: [BY_DEFAULT],
  collect: (asker) => asker.ask(BY_DEFAULT, {}),
  judge: ({ EbsEncryptionByDefault }, { region }) =>
    EbsEncryptionByDefault === true
      ? [{ resource: region, status: 'ok', values: { 'Encryption by Default': 'Yes' }, reason: `new volumes in ${region} are encrypted` }]
      : [
          {
            ...{ resource: region, status: 'warning', values: { 'Encryption by Default': 'No' } },
            reason: `new volumes in ${region} are encrypted only where somebody asks for it`,
          },
        ],
  staleAfter: [{ source: ['cloudtrail.ec2'], detail: { eventName: ['EnableEbsEncryptionByDefault', 'DisableEbsEncryptionByDefault'] } }],
});
