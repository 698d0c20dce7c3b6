// Reading ahead is reading: the same contract, over a folder.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ReadAheadStore } from '../../cli/readahead.ts';
import { FolderStore } from '../../local/objects.ts';
import { storeContract } from '../contracts/store.ts';
import { emptyFolder } from '../fakes/folders.ts';

storeContract('ReadAheadStore', async () => {
  const folder = emptyFolder();
  const refOf = (name: string) => ({ bucket: '', key: join(folder, name) });
  const store = new ReadAheadStore(new FolderStore());
  const keep = async (name: string, bytes: Uint8Array) => {
    const ref = refOf(name);
    mkdirSync(dirname(ref.key), { recursive: true });
    writeFileSync(ref.key, bytes);
    // Reading begins here, as for a file that stands in the queue.
    for await (const _ of store.ahead(one(ref), 1, (each) => each));
    return ref;
  };
  return { store, keep, nowhere: refOf('nothing.json.gz') };
});

async function* one<T>(item: T): AsyncGenerator<T> {
  yield item;
}
