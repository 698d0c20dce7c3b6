// The SDK's client of each service that checks ask: loaded when something is asked of it.
import type { AskedService } from '../../events/advice/index.ts';

/** A module of the SDK: its commands and paginators go by the operation's name. */
export type SdkModule = Readonly<Record<string, unknown>>;

const MODULES: Readonly<Record<AskedService, { load: () => Promise<SdkModule>; client: string }>> = {
  accessanalyzer: { load: () => import('@aws-sdk/client-accessanalyzer'), client: 'AccessAnalyzerClient' },
  cloudformation: { load: () => import('@aws-sdk/client-cloudformation'), client: 'CloudFormationClient' },
  cloudtrail: { load: () => import('@aws-sdk/client-cloudtrail'), client: 'CloudTrailClient' },
  cloudwatch: { load: () => import('@aws-sdk/client-cloudwatch'), client: 'CloudWatchClient' },
  'cloudwatch-logs': { load: () => import('@aws-sdk/client-cloudwatch-logs'), client: 'CloudWatchLogsClient' },
  'config-service': { load: () => import('@aws-sdk/client-config-service'), client: 'ConfigServiceClient' },
  ec2: { load: () => import('@aws-sdk/client-ec2'), client: 'EC2Client' },
  'elastic-load-balancing': { load: () => import('@aws-sdk/client-elastic-load-balancing'), client: 'ElasticLoadBalancingClient' },
  'elastic-load-balancing-v2': { load: () => import('@aws-sdk/client-elastic-load-balancing-v2'), client: 'ElasticLoadBalancingV2Client' },
  glacier: { load: () => import('@aws-sdk/client-glacier'), client: 'GlacierClient' },
  guardduty: { load: () => import('@aws-sdk/client-guardduty'), client: 'GuardDutyClient' },
  iam: { load: () => import('@aws-sdk/client-iam'), client: 'IAMClient' },
  inspector2: { load: () => import('@aws-sdk/client-inspector2'), client: 'Inspector2Client' },
  rds: { load: () => import('@aws-sdk/client-rds'), client: 'RDSClient' },
  'route-53': { load: () => import('@aws-sdk/client-route-53'), client: 'Route53Client' },
  s3: { load: () => import('@aws-sdk/client-s3'), client: 'S3Client' },
  's3-control': { load: () => import('@aws-sdk/client-s3-control'), client: 'S3ControlClient' },
  'service-quotas': { load: () => import('@aws-sdk/client-service-quotas'), client: 'ServiceQuotasClient' },
  sns: { load: () => import('@aws-sdk/client-sns'), client: 'SNSClient' },
  sts: { load: () => import('@aws-sdk/client-sts'), client: 'STSClient' },
};

/** A service's module, and the name of its client in it. */
export async function sdkOf(service: AskedService): Promise<{ module: SdkModule; client: string }> {
  const { load, client } = MODULES[service];
  return { module: await load(), client };
}
