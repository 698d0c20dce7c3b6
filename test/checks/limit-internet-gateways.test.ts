// The limit of internet gateways.
import limit from '../../checks/limit-internet-gateways.ts';
import { limitTests, quota, times } from './limits.ts';

limitTests(limit, {
  answersAt: (used) => ({
    DescribeInternetGateways: `<DescribeInternetGatewaysResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><internetGatewaySet>${times(used, '<item><internetGatewayId>igw-1</internetGatewayId></item>')}</internetGatewaySet></DescribeInternetGatewaysResponse>`,
    GetServiceQuota: ({ input }) => quota(input['QuotaCode'] === 'L-A4707A72' ? 5 : 0),
  }),
  named: ['us-east-1', 'VPC', 'Internet gateways'],
  lacks: 'servicequotas:GetServiceQuota',
});
