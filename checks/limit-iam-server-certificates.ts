// How many IAM server certificates there are, of how many there may be.
import { iamLimitCheck } from './facts/iamlimits.ts';

export default iamLimitCheck(
  'ServerCertificates',
  {
    id: 'rT7WW0l7J9',
    name: 'IAM Server Certificates',
    limit: 'Server certificates',
    description:
      'Counts the server certificates in IAM against their limit. At the limit no certificate can be uploaded or replaced; ACM has room for more.',
  },
  ['UploadServerCertificate', 'DeleteServerCertificate'],
);
