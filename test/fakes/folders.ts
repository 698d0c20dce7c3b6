// Folders of files made for tests.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder of its own. */
export const emptyFolder = () => mkdtempSync(join(tmpdir(), 'trailbus-'));

/** A new folder that holds these files, by their paths in it. */
export function folderOf(files: Record<string, Uint8Array | string>): string {
  const root = emptyFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}
