// The doors of a check, opened on a world without any network.
import type { PublicKey, PublicKeys, StoredObject, TrailBuckets, Trails } from '../../../events/digest/doors.ts';
import { ServiceError } from '../../../events/digest/index.ts';
import type { World } from './world.ts';

const refused = (operation: string, errorCode: string, said: string) => new ServiceError({ operation, errorCode, said });
const noSuchBucket = (operation: string) => refused(operation, 'NoSuchBucket', 'The specified bucket does not exist');

export class WorldBuckets implements TrailBuckets {
  private readonly world: World;
  /** Objects being read now, and the most there were. */
  reading = 0;
  peak = 0;
  reads: string[] = [];

  constructor(world: World) {
    this.world = world;
  }

  async *listObjects(bucket: string, prefix: string, marker: string): AsyncGenerator<string[]> {
    const things = this.world.buckets.get(bucket);
    if (!things) throw noSuchBucket('ListObjects');
    yield [...things.keys()].filter((key) => key.startsWith(prefix) && key > marker).sort();
  }

  async listFolders(bucket: string, prefix: string): Promise<string[]> {
    const keys = [...(this.world.buckets.get(bucket)?.keys() ?? [])].filter((key) => key.startsWith(prefix));
    const inFolders = keys.map((key) => key.slice(prefix.length).split('/')).filter((parts) => parts.length > 1);
    return [...new Set(inFolders.map(([folder]) => folder!))];
  }

  async readObject(bucket: string, key: string): Promise<StoredObject> {
    this.reading++;
    this.peak = Math.max(this.peak, this.reading);
    this.reads.push(key);
    // Later objects answer first, so that order has to be made.
    for (let turn = 0; turn < 5 + (this.reads.length % 7); turn++) await null;
    this.reading--;
    const fault = this.world.faults.get(`${bucket}/${key}`);
    if (fault) throw refused('GetObject', fault.code ?? String(fault.status), fault.message ?? '');
    const things = this.world.buckets.get(bucket);
    if (!things) throw noSuchBucket('GetObject');
    const thing = things.get(key);
    if (!thing) throw refused('GetObject', 'NoSuchKey', 'The specified key does not exist.');
    return thing;
  }
}

export class WorldKeys implements PublicKeys {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  async listPublicKeys(startMs: number, endMs: number): Promise<PublicKey[]> {
    const inUse = this.world.keys.filter(({ validFrom, validUntil }) => validFrom.getTime() <= endMs && validUntil.getTime() >= startMs);
    return inUse.map(({ fingerprint, value, validFrom, validUntil }) => ({
      ...{ fingerprint, value },
      ...{ validFromMs: validFrom.getTime(), validUntilMs: validUntil.getTime() },
    }));
  }
}

export const worldTrails = (world: World): Trails => ({
  describeTrail: async (arn) => {
    const found = world.trails.find(({ TrailARN }) => TrailARN === arn);
    if (!found) return undefined;
    const { S3BucketName, S3KeyPrefix, IsOrganizationTrail } = found as {
      S3BucketName: string;
      S3KeyPrefix?: string;
      IsOrganizationTrail?: boolean;
    };
    return {
      bucket: S3BucketName,
      ...(S3KeyPrefix !== undefined && { prefix: S3KeyPrefix }),
      isOrganizationTrail: IsOrganizationTrail ?? false,
    };
  },
  organizationId: async () => world.organizationId,
});
