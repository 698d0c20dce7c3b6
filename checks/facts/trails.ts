// The trails that record a region, with how each stands.
import type {
  DescribeTrailsCommandInput,
  DescribeTrailsCommandOutput,
  GetTrailStatusCommandInput,
  GetTrailStatusCommandOutput,
  Trail,
} from '@aws-sdk/client-cloudtrail';
import { type AskedPlace, type Asker, answerOrWhy, apiCall, NotAnswered } from '../../events/advice/index.ts';

const TRAILS = apiCall<DescribeTrailsCommandInput, DescribeTrailsCommandOutput>('cloudtrail', 'DescribeTrails');
const STATUS = apiCall<GetTrailStatusCommandInput, GetTrailStatusCommandOutput>('cloudtrail', 'GetTrailStatus');

export const TRAIL_CALLS = [TRAILS];
export const TRAIL_STATUS_CALLS = [STATUS];

/** Those whose home the region is, and the shadows of those elsewhere that record all regions: the organization's too. */
export async function trailsRecording(asker: Asker, region: string): Promise<Trail[]> {
  const { trailList = [] } = await asker.ask(TRAILS, { includeShadowTrails: true });
  return trailList.filter(({ HomeRegion, IsMultiRegionTrail }) => IsMultiRegionTrail === true || (HomeRegion ?? region) === region);
}

/** A trail, and how it is, or why that can't be known. */
export interface StandingTrail {
  trail: Trail;
  status: GetTrailStatusCommandOutput | NotAnswered;
}

/** The trails that record the place's region with how they stand; one that was deleted since it was listed is left out. */
export async function standingTrails(asker: Asker, { account, region }: AskedPlace): Promise<StandingTrail[]> {
  const trails = await trailsRecording(asker, region);
  const standing = await Promise.all(trails.map(async (trail) => ({ trail, status: await trailStatus(asker, trail) })));
  return standing.filter((each) => !isDeleted(each, account));
}

/** A shadow is known by its ARN alone; its status is asked at home, once for all regions. */
const trailStatus = (asker: Asker, { TrailARN, Name, HomeRegion }: Trail): Promise<GetTrailStatusCommandOutput | NotAnswered> =>
  answerOrWhy(asker.ask(STATUS, { Name: TrailARN ?? Name }, HomeRegion === undefined ? {} : { region: HomeRegion }));

/** One of another account may only hide. */
const isDeleted = ({ trail, status }: StandingTrail, account: string): boolean =>
  status instanceof NotAnswered && status.code.startsWith('TrailNotFound') && trailOwner(trail) === account;

/** The account whose trail it is: of an organization's trail, the management account. */
export const trailOwner = ({ TrailARN = '' }: Trail): string | undefined => TrailARN.split(':')[4];

export const isAtHome = ({ HomeRegion }: Trail, region: string): boolean => (HomeRegion ?? region) === region;

export const TRAIL_CHANGES = [
  {
    source: ['cloudtrail.cloudtrail'],
    detail: { eventName: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'] },
  },
];

/** What can break delivery into a bucket, or lay it open. */
export const BUCKET_CHANGES = [
  {
    source: ['cloudtrail.s3'],
    detail: {
      eventName: [
        ...['CreateBucket', 'DeleteBucket', 'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'PutBucketPublicAccessBlock'],
        ...['DeleteBucketPublicAccessBlock', 'PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock', 'PutBucketLogging'],
        'PutBucketVersioning',
      ],
    },
  },
];
