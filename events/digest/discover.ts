// Which trails, accounts and regions a bucket holds digests of.
import { type ClockTime, dayFolders } from './clocktime.ts';
import { type AccountPlace, accountsFolder, type DigestPlace, digestFolder, trailInName } from './digestnames.ts';
import type { TrailBuckets } from './doors.ts';

const ACCOUNT_FOLDER = /^\d{12}$/;
const ORGANIZATION = /^o-[a-z0-9]{10,32}$/;

async function accountFolders(buckets: TrailBuckets, bucket: string, root: string): Promise<AccountPlace[]> {
  const found: AccountPlace[] = [];
  for (const name of await buckets.listFolders(bucket, root)) {
    if (ACCOUNT_FOLDER.test(name)) found.push({ accountId: name });
    if (!ORGANIZATION.test(name)) continue;
    const members = await buckets.listFolders(bucket, `${root}${name}/`);
    found.push(...members.filter((member) => ACCOUNT_FOLDER.test(member)).map((accountId) => ({ accountId, organizationId: name })));
  }
  return found;
}

/** Trails whose digests lie in one account's and region's folder at or after a time, by name and home region. */
async function trailsIn(buckets: TrailBuckets, bucket: string, folder: string, start: ClockTime) {
  const trails = new Map<string, { trailName: string; homeRegion: string }>();
  for await (const names of buckets.listObjects(bucket, folder, `${folder}${dayFolders(start)}`))
    for (const name of names) {
      const trail = trailInName(name);
      if (trail !== undefined) trails.set(`${trail.trailName} ${trail.homeRegion}`, trail);
    }
  return [...trails.values()];
}

/** What discovered places are narrowed to. */
export interface SoughtTrails {
  accountId?: string;
  region?: string;
  trailName?: string;
  homeRegion?: string;
}

/** Finds every account, region and trail a bucket holds digests of, in the bucket's order. */
export async function* discoverPlaces(
  buckets: TrailBuckets,
  where: { bucket: string; prefix?: string; start: ClockTime },
  only: SoughtTrails = {},
): AsyncGenerator<DigestPlace> {
  const { bucket, prefix, start } = where;
  for (const account of await accountFolders(buckets, bucket, accountsFolder(prefix))) {
    if (only.accountId && account.accountId !== only.accountId) continue;
    const folder = digestFolder(account, prefix);
    for (const sourceRegion of await buckets.listFolders(bucket, folder)) {
      if (only.region && sourceRegion !== only.region) continue;
      for (const trail of await trailsIn(buckets, bucket, `${folder}${sourceRegion}/`, start)) {
        if (only.trailName && (trail.trailName !== only.trailName || trail.homeRegion !== only.homeRegion)) continue;
        yield { ...account, ...trail, sourceRegion };
      }
    }
  }
}
