// The doors that tests go through keep the contracts of all doors.

import { World } from '../cli/validatelogs/world.ts';
import { WorldBuckets, WorldKeys, worldTrails } from '../cli/validatelogs/worlddoors.ts';
import { deliveryLogContract } from '../contracts/deliverylog.ts';
import { findingBusContract } from '../contracts/findingbus.ts';
import { hitQueueContract } from '../contracts/hitqueue.ts';
import { publicKeysContract } from '../contracts/publickeys.ts';
import { tellFindingsContract } from '../contracts/tellfindings.ts';
import { CONTRACT_BUCKET, trailBucketsContract } from '../contracts/trailbuckets.ts';
import { trailsContract } from '../contracts/trails.ts';
import { watchStateContract } from '../contracts/watchstate.ts';
import { KeptDeliveries } from './deliveries.ts';
import { KeptHits } from './hits.ts';
import { type KeptTold, keptTeller } from './told.ts';
import { KeptFindings, KeptState } from './watch.ts';

trailBucketsContract('WorldBuckets', async (objects) => {
  const world = new World();
  for (const { key, bytes, metadata } of objects) world.put(CONTRACT_BUCKET, key, bytes, metadata);
  return new WorldBuckets(world);
});

publicKeysContract(
  'WorldKeys',
  async (keys) => {
    const world = new World();
    world.keys = keys.map(({ fingerprint, value = '', validFromMs = 0, validUntilMs = 0 }) => ({
      ...{ fingerprint, value },
      ...{ validFrom: new Date(validFromMs), validUntil: new Date(validUntilMs) },
    }));
    return new WorldKeys(world);
  },
  { chooses: true },
);

trailsContract('worldTrails', async (trails, organizationId) => {
  const world = new World();
  for (const trail of trails) world.addTrail(trail);
  world.organizationId = organizationId;
  return worldTrails(world);
});

findingBusContract('KeptFindings', async () => {
  const bus = new KeptFindings();
  return { bus, received: () => bus.findings, refuseNext: () => (bus.refusesNext = true) };
});

watchStateContract('KeptState', async () => {
  const state = new KeptState();
  return [state, state];
});

hitQueueContract('KeptHits', async () => {
  const queue = new KeptHits();
  return { queue, taken: async () => queue.hits, refuseNext: () => (queue.refusesNext = true) };
});

tellFindingsContract('keptTeller', async () => {
  const told: KeptTold = { findings: [] };
  return { tell: keptTeller(told), received: async () => told.findings, refuseNext: () => void Object.assign(told, { refusesNext: true }) };
});

deliveryLogContract('KeptDeliveries', async () => {
  const log = new KeptDeliveries();
  return [log, log];
});
