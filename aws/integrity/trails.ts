// The account's trails and organization, as CloudTrail and Organizations describe them.
import type { Trail, Trails } from '../../events/digest/doors.ts';
import { FatalError } from '../../events/digest/index.ts';
import { callJson, type JsonService } from './jsoncalls.ts';

interface DescribedTrail {
  TrailARN?: string;
  S3BucketName?: string;
  S3KeyPrefix?: string;
  IsOrganizationTrail?: boolean;
}

const lacks = (field: string) => new FatalError({ code: 'ANSWER_LACKS', field });

export class CloudTrailTrails implements Trails {
  private readonly cloudtrail: JsonService;
  private readonly organizations: JsonService;

  constructor(cloudtrail: JsonService, organizations: JsonService) {
    this.cloudtrail = cloudtrail;
    this.organizations = organizations;
  }

  async describeTrail(arn: string): Promise<Trail | undefined> {
    const answer = await callJson(this.cloudtrail, 'DescribeTrails', {});
    if (!answer['trailList']) throw lacks('trailList');
    const found = (answer['trailList'] as (DescribedTrail | null)[]).find((trail) => {
      if (!trail) throw new FatalError({ code: 'TRAIL_NULL' });
      return trail.TrailARN === arn;
    });
    if (!found) return undefined;
    if (found.S3BucketName === undefined) throw lacks('S3BucketName');
    const trail: Trail = { bucket: found.S3BucketName, isOrganizationTrail: Boolean(found.IsOrganizationTrail) };
    if (found.S3KeyPrefix !== undefined) trail.prefix = found.S3KeyPrefix;
    return trail;
  }

  async organizationId(): Promise<string> {
    const answer = await callJson(this.organizations, 'DescribeOrganization', {});
    const { Id } = (answer['Organization'] ?? {}) as { Id?: string };
    if (Id === undefined) throw lacks(answer['Organization'] ? 'Id' : 'Organization');
    return Id;
  }
}
