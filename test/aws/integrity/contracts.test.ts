// The doors to AWS that integrity is checked through keep the contracts of all doors: over HTTP, against an endpoint of our own.
import { after, before } from 'node:test';
import { connectIntegrity, type IntegrityDoors } from '../../../aws/integrity/index.ts';
import { startEndpoint, type TestEndpoint } from '../../cli/validatelogs/endpoint.ts';
import { environment } from '../../cli/validatelogs/record.ts';
import { World } from '../../cli/validatelogs/world.ts';
import { publicKeysContract } from '../../contracts/publickeys.ts';
import { CONTRACT_BUCKET, trailBucketsContract } from '../../contracts/trailbuckets.ts';
import { trailsContract } from '../../contracts/trails.ts';

let endpoint: TestEndpoint;
const opened: IntegrityDoors[] = [];
before(async () => {
  endpoint = await startEndpoint(new World());
  Object.assign(process.env, environment(endpoint));
});
after(async () => {
  for (const doors of opened) doors.close();
  await endpoint.close();
});

/** The doors to a world of its own. */
function doorsTo(fill: (world: World) => void): IntegrityDoors {
  endpoint.world = new World();
  fill(endpoint.world);
  const doors = connectIntegrity('us-east-1');
  opened.push(doors);
  return doors;
}

trailBucketsContract('S3TrailBuckets', async (objects) => {
  const fill = (world: World) => {
    world.pageSize = 7;
    for (const { key, bytes, metadata } of objects) world.put(CONTRACT_BUCKET, key, bytes, metadata);
  };
  return doorsTo(fill).buckets;
});

publicKeysContract(
  'CloudTrailPublicKeys',
  async (keys) =>
    doorsTo((world) => {
      world.keys = keys.map(({ fingerprint, value = '', validFromMs = 0, validUntilMs = 0 }) => ({
        ...{ fingerprint, value },
        ...{ validFrom: new Date(validFromMs), validUntil: new Date(validUntilMs) },
      }));
    }).keys,
  { chooses: true },
);

trailsContract('CloudTrailTrails', async (trails, organizationId) => {
  const fill = (world: World) => {
    for (const trail of trails) world.addTrail(trail);
    world.organizationId = organizationId;
  };
  return doorsTo(fill).trails;
});
