// The limit of DB instances.
import limit from '../../checks/limit-db-instances.ts';
import { limitTests } from './limits.ts';

const quotas = (used: number) =>
  `<DescribeAccountAttributesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeAccountAttributesResult><AccountQuotas><AccountQuota><AccountQuotaName>AllocatedStorage</AccountQuotaName><Used>1</Used><Max>100000</Max></AccountQuota><AccountQuota><AccountQuotaName>DBInstances</AccountQuotaName><Used>${used}</Used><Max>5</Max></AccountQuota></AccountQuotas></DescribeAccountAttributesResult></DescribeAccountAttributesResponse>`;

limitTests(limit, {
  answersAt: (used) => ({ DescribeAccountAttributes: quotas(used) }),
  named: ['us-east-1', 'RDS', 'DB instances'],
  lacks: 'rds:DescribeAccountAttributes',
});
