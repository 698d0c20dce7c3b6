// The account's trails and organisation, as CloudTrail and Organizations describe them.
import { FatalError, type Trail, type Trails } from '../../events/digest/doors.ts';
import { callJson, type JsonService } from './jsoncalls.ts';

interface DescribedTrail {
  TrailARN?: string;
  S3BucketName?: string;
  S3KeyPrefix?: string;
  IsOrganizationTrail?: boolean;
}

export class CloudTrailTrails implements Trails {
  private readonly cloudtrail: JsonService;
  private readonly organizations: JsonService;

  constructor(cloudtrail: JsonService, organizations: JsonService) {
    this.cloudtrail = cloudtrail;
    this.organizations = organizations;
  }

  async describeTrail(arn: string): Promise<Trail | undefined> {
    const answer = await callJson(this.cloudtrail, 'DescribeTrails', {});
    if (!answer['trailList']) throw new FatalError("'trailList'");
    const found = (answer['trailList'] as (DescribedTrail | null)[]).find((trail) => {
      if (!trail) throw new FatalError("'NoneType' object has no attribute 'get'");
      return trail.TrailARN === arn;
    });
    if (!found) return undefined;
    if (found.S3BucketName === undefined) throw new FatalError("'S3BucketName'");
    const trail: Trail = { bucket: found.S3BucketName, isOrganizationTrail: Boolean(found.IsOrganizationTrail) };
    if (found.S3KeyPrefix !== undefined) trail.prefix = found.S3KeyPrefix;
    return trail;
  }

  async organizationId(): Promise<string> {
    const answer = await callJson(this.organizations, 'DescribeOrganization', {});
    const { Id } = (answer['Organization'] ?? {}) as { Id?: string };
    if (Id === undefined) throw new FatalError(answer['Organization'] ? "'Id'" : "'Organization'");
    return Id;
  }
}
