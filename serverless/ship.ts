// Functions with what travels with them: files beside a built function, in a zip of its own.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { UsageError } from '../events/errors.ts';
import { zip } from './zip.ts';

/**
 * Writes a built function with further files into the folder of built functions.
 * @returns the zip's path below `folder`: the same for the same files
 * @throws UsageError when it is not built
 */
export function ship(folder: string, name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const built = join(folder, `${name}.zip`);
  if (!existsSync(built)) throw new UsageError(`nothing is built in \`${folder}\``, { help: 'run `npm run build:functions` first' });
  const bytes = zip({ ...unzipSync(readFileSync(built)), ...files });
  const shipped = `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.zip`;
  writeFileSync(join(folder, shipped), bytes);
  return shipped;
}
