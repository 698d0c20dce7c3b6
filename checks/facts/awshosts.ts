// What a DNS name in AWS's domains stands for.

/** @see https://docs.aws.amazon.com/general/latest/gr/s3.html */
const S3_HOST = /^(.+)\.s3(?:[.-](?:website|dualstack|fips))*(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com(?:\.cn)?$/;
const S3_WEBSITE = /\.s3-website[.-][a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com(?:\.cn)?$/;
const CLOUDFRONT = /\.cloudfront\.(?:net|cn)$/;
/** Network Load Balancers have their region before the `elb`. */
const BALANCER = /\.elb(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/;

/** Names are compared without case and without the dot behind them. */
export const hostName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The bucket whose host it is. */
export const bucketOfHost = (name: string): string | undefined => S3_HOST.exec(hostName(name))?.[1];

/** What an alias record could stand for. */
export function aliasable(name: string): string | undefined {
  const host = hostName(name);
  if (S3_WEBSITE.test(host)) return 'an Amazon S3 website';
  if (CLOUDFRONT.test(host)) return 'an Amazon CloudFront distribution';
  return BALANCER.test(host) ? 'an Elastic Load Balancing load balancer' : undefined;
}
