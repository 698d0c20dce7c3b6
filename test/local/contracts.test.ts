// The doors of a laptop keep the contracts of all doors.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LocalBus } from '../../local/bus.ts';
import { FolderBuckets } from '../../local/digests.ts';
import { NothingDone } from '../../local/donefiles.ts';
import { FileFindingState, ForkedFindingState, MemoryFindingState } from '../../local/findingstate.ts';
import { NoTrails } from '../../local/notrails.ts';
import { FolderStore } from '../../local/objects.ts';
import { KeyFile } from '../../local/publickeys.ts';
import { QuarantineList } from '../../local/quarantine.ts';
import { busContract } from '../contracts/bus.ts';
import { doneFilesContract } from '../contracts/donefiles.ts';
import { findingStateContract } from '../contracts/findingstate.ts';
import { publicKeysContract } from '../contracts/publickeys.ts';
import { quarantineContract } from '../contracts/quarantine.ts';
import { storeContract } from '../contracts/store.ts';
import { CONTRACT_BUCKET, trailBucketsContract } from '../contracts/trailbuckets.ts';
import { trailsContract } from '../contracts/trails.ts';

storeContract('FolderStore', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-store-'));
  const refOf = (name: string) => ({ bucket: '', key: join(folder, name) });
  const keep = async (name: string, bytes: Uint8Array) => {
    mkdirSync(dirname(refOf(name).key), { recursive: true });
    writeFileSync(refOf(name).key, bytes);
    return refOf(name);
  };
  return { store: new FolderStore(), keep, nowhere: refOf('nothing.json.gz') };
});

busContract('LocalBus', async (ledger) => {
  const details: string[] = [];
  return { bus: new LocalBus([({ record }) => details.push(record.text())], ledger), received: async () => details, atOnce: true };
});

quarantineContract('QuarantineList', async () => {
  const quarantine = new QuarantineList();
  return { quarantine, kept: async () => quarantine.items.map(({ reason, ref: { bucket, key } }) => ({ reason, bucket, key })) };
});

doneFilesContract('NothingDone', async () => new NothingDone(), { remembers: false });

trailBucketsContract('FolderBuckets', async (objects) => {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-copy-'));
  for (const { key, bytes, metadata } of objects) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), bytes);
    if (metadata) writeFileSync(join(folder, `${key}.metadata.json`), JSON.stringify(metadata));
  }
  return FolderBuckets.open(folder, CONTRACT_BUCKET);
});

publicKeysContract(
  'KeyFile',
  async (keys) => {
    const path = join(mkdtempSync(join(tmpdir(), 'trailbus-keys-')), 'keys.json');
    const listed = keys.map(({ fingerprint, value, validFromMs = 0, validUntilMs = 0 }) => ({
      ...{ Fingerprint: fingerprint, Value: value },
      ...{ ValidityStartTime: new Date(validFromMs).toISOString(), ValidityEndTime: new Date(validUntilMs).toISOString() },
    }));
    writeFileSync(path, JSON.stringify({ PublicKeyList: listed }));
    return KeyFile.open(path);
  },
  { chooses: false },
);

findingStateContract('MemoryFindingState', async () => {
  const state = new MemoryFindingState();
  return [state, state];
});

findingStateContract('ForkedFindingState', async () => {
  const state = new ForkedFindingState(new MemoryFindingState());
  return [state, state];
});
findingStateContract('FileFindingState', async () => {
  const state = FileFindingState.open(join(mkdtempSync(join(tmpdir(), 'trailbus-state-')), 'state.json'));
  return [state, state];
});

trailsContract('NoTrails', async () => new NoTrails(), { knows: false });
