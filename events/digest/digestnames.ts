// The names of digests in a bucket, which are whole object keys: their prefix, where a listing begins, which are this trail's, their time.
// Layout: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
import { addSeconds, type ClockTime, compactTime, dayFolders } from './clocktime.ts';

/** Whose digests are looked for, and where they lie. */
export interface DigestPlace {
  accountId: string;
  trailName: string;
  /** Region of the trail's ARN. */
  homeRegion: string;
  /** Region whose logs the digests list. */
  sourceRegion: string;
  /** Present for organization trails: `o-abc123`. */
  organizationId?: string;
}

const BACKFILL_END = '_backfill.json.gz';

export const isBackfillName = (name: string): boolean => name.endsWith(BACKFILL_END);

/** The text where the time stands in a digest's name (`20260310T200000Z`), whatever is there. */
export const timeInName = (name: string): string => (isBackfillName(name) ? name.slice(-33, -17) : name.slice(-24, -8));

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const under = (prefix: string | undefined, name: string) => (prefix ? `${prefix}/${name}` : name);
const folder = ({ organizationId, accountId }: DigestPlace) =>
  `AWSLogs/${organizationId ? `${organizationId}/` : ''}${accountId}/CloudTrail-Digest`;

/** What the names of all digests of an account and region begin with. */
export const digestPrefix = (place: DigestPlace, prefix: string | undefined): string =>
  under(prefix, `${folder(place)}/${place.sourceRegion}`);

/** The name a digest of one minute before `start` would have: listing after it begins at `start`. */
export function digestMarker(place: DigestPlace, prefix: string | undefined, start: ClockTime): string {
  const { accountId, sourceRegion, trailName, homeRegion } = place;
  const before = addSeconds(start, -60);
  const file = `${accountId}_CloudTrail-Digest_${sourceRegion}_${trailName}_${homeRegion}_${compactTime(before)}.json.gz`;
  return under(prefix, `${folder(place)}/${sourceRegion}/${dayFolders(before)}/${file}`);
}

/** Matches the names of this trail's digests, standard and backfill. */
export function digestPattern(place: DigestPlace, prefix: string | undefined): RegExp {
  const { accountId, sourceRegion, trailName, homeRegion } = place;
  const organization = place.organizationId ? `${escaped(place.organizationId)}/` : '';
  const file = `${escaped(accountId)}_CloudTrail-Digest_${escaped(sourceRegion)}_${escaped(trailName)}_${escaped(homeRegion)}_.+\\.json\\.gz`;
  return new RegExp(
    `^${prefix ? `${escaped(prefix)}/` : ''}AWSLogs/${organization}${escaped(accountId)}/CloudTrail-Digest/${escaped(sourceRegion)}/\\d+/\\d+/\\d+/${file}$`,
  );
}
