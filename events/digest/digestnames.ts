// The names of digests in a bucket: what prefix they share, from where to list, which of them are this trail's, and their time.
// Layout: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
import { addSeconds, type ClockTime, dayFolders, keyTime } from './awscli/datetime.ts';

/** Whose digests are looked for, and where they lie. */
export interface DigestPlace {
  accountId: string;
  trailName: string;
  /** Region of the trail's ARN. */
  homeRegion: string;
  /** Region whose logs the digests list. */
  sourceRegion: string;
  /** Present for organisation trails: `o-abc123`. */
  organizationId?: string;
}

const BACKFILL_END = '_backfill.json.gz';

export const isBackfillKey = (key: string): boolean => key.endsWith(BACKFILL_END);

/** The text where the time stands in a digest's key (`20260310T200000Z`), whatever is there. */
export const timeInKey = (key: string): string => (isBackfillKey(key) ? key.slice(-33, -17) : key.slice(-24, -8));

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const under = (prefix: string | undefined, key: string) => (prefix ? `${prefix}/${key}` : key);
const folder = ({ organizationId, accountId }: DigestPlace) =>
  `AWSLogs/${organizationId ? `${organizationId}/` : ''}${accountId}/CloudTrail-Digest`;

/** What every digest key of an account and region begins with. */
export const digestPrefix = (place: DigestPlace, prefix: string | undefined): string =>
  under(prefix, `${folder(place)}/${place.sourceRegion}`);

/** The key a digest of one minute before `start` would have: listing after it begins at `start`. */
export function digestMarker(place: DigestPlace, prefix: string | undefined, start: ClockTime): string {
  const { accountId, sourceRegion, trailName, homeRegion } = place;
  const before = addSeconds(start, -60);
  const name = `${accountId}_CloudTrail-Digest_${sourceRegion}_${trailName}_${homeRegion}_${keyTime(before)}.json.gz`;
  return under(prefix, `${folder(place)}/${sourceRegion}/${dayFolders(before)}/${name}`);
}

/** Matches the keys of this trail's digests, standard and backfill. */
export function digestPattern(place: DigestPlace, prefix: string | undefined): RegExp {
  const { accountId, sourceRegion, trailName, homeRegion } = place;
  const organization = place.organizationId ? `${escaped(place.organizationId)}/` : '';
  const name = `${escaped(accountId)}_CloudTrail-Digest_${escaped(sourceRegion)}_${escaped(trailName)}_${escaped(homeRegion)}_.+\\.json\\.gz`;
  return new RegExp(
    `^${prefix ? `${escaped(prefix)}/` : ''}AWSLogs/${organization}${escaped(accountId)}/CloudTrail-Digest/${escaped(sourceRegion)}/\\d+/\\d+/\\d+/${name}$`,
  );
}
