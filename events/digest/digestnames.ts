// Where digests and logs lie in a bucket, and the names of digests there, which are whole object keys.
// Layout: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
import { DIGEST_FOLDER } from '../objectkey.ts';
import { addSeconds, type ClockTime, compactTime, dayFolders } from './clocktime.ts';

/** Whose files are looked for. */
export interface AccountPlace {
  accountId: string;
  /** Present for organization trails: `o-abc123`. */
  organizationId?: string;
}

/** Whose digests are looked for, and where they lie. */
export interface DigestPlace extends AccountPlace {
  trailName: string;
  /** Region of the trail's ARN. */
  homeRegion: string;
  /** Region whose logs the digests list. */
  sourceRegion: string;
}

const BACKFILL_END = '_backfill.json.gz';

export const isBackfillName = (name: string): boolean => name.endsWith(BACKFILL_END);

/** The text where the time stands in a digest's name (`20260310T200000Z`), whatever is there. */
export const timeInName = (name: string): string => (isBackfillName(name) ? name.slice(-33, -17) : name.slice(-24, -8));

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The folder of all accounts; it ends with `/`, as the others do. */
export const accountsFolder = (prefix: string | undefined): string => `${prefix ? `${prefix}/` : ''}AWSLogs/`;

/** An account's folder: of an organization trail it lies in the organization's. */
const accountFolder = ({ organizationId, accountId }: AccountPlace, prefix: string | undefined): string =>
  `${accountsFolder(prefix)}${organizationId ? `${organizationId}/` : ''}${accountId}/`;

/** The folder of an account's digests; regions lie in it. */
export const digestFolder = (place: AccountPlace, prefix: string | undefined): string => `${accountFolder(place, prefix)}${DIGEST_FOLDER}/`;

/** The folder of an account's and region's log files; years lie in it. */
export const logFolder = (place: DigestPlace, prefix: string | undefined): string =>
  `${accountFolder(place, prefix)}CloudTrail/${place.sourceRegion}/`;

/** What the names of all digests of an account and region begin with. */
export const digestPrefix = (place: DigestPlace, prefix: string | undefined): string =>
  `${digestFolder(place, prefix)}${place.sourceRegion}`;

/** What a digest's file is called up to its time. */
const fileStart = ({ accountId, sourceRegion, trailName, homeRegion }: DigestPlace): string =>
  `${accountId}_${DIGEST_FOLDER}_${sourceRegion}_${trailName}_${homeRegion}_`;

/** The name a digest of one minute before `start` would have: listing after it begins at `start`. */
export function digestMarker(place: DigestPlace, prefix: string | undefined, start: ClockTime): string {
  const before = addSeconds(start, -60);
  return `${digestPrefix(place, prefix)}/${dayFolders(before)}/${fileStart(place)}${compactTime(before)}.json.gz`;
}

/** Matches the names of this trail's digests, standard and backfill. */
export const digestPattern = (place: DigestPlace, prefix: string | undefined): RegExp =>
  new RegExp(`^${escaped(digestPrefix(place, prefix))}/\\d+/\\d+/\\d+/${escaped(fileStart(place))}.+\\.json\\.gz$`);

/** Digest file names end so: source region, trail, home region, time. A trail's name may hold underscores; a region's never does. */
const NAME = new RegExp(`_${DIGEST_FOLDER}_[a-z0-9-]+_(.+)_([a-z]{2,}(?:-[a-z]+)+-\\d+)_\\d{8}T\\d{6}Z(?:_backfill)?\\.json\\.gz$`);

/** The trail that a digest's name says; undefined for another name. */
export function trailInName(name: string): { trailName: string; homeRegion: string } | undefined {
  const [, trailName, homeRegion] = NAME.exec(name) ?? [];
  return trailName && homeRegion ? { trailName, homeRegion } : undefined;
}
