// Files that a command makes: none of the reader's own is lost by it.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../events/errors.ts';

interface NewFile {
  name: string;
  text: string;
}

/**
 * Writes files into a folder, which is made where it isn't there.
 * @param overwrite  undefined where the command has no such option
 * @throws UsageError, before anything is written, when one is there already and says something else, or two have one name
 */
export async function writeNew(folder: string, files: readonly NewFile[], overwrite: boolean | undefined): Promise<void> {
  const twice = files.find(({ name }, at) => files.findIndex((file) => file.name === name) < at);
  if (twice !== undefined) throw new UsageError(`two files would be called \`${twice.name}\``, { help: 'give them ids that differ more' });
  const placed = files.map(({ name, text }) => ({ path: join(folder, name), text }));
  const other = placed.find(({ path, text }) => overwrite !== true && existsSync(path) && readFileSync(path, 'utf8') !== text);
  if (other !== undefined)
    throw new UsageError(`\`${other.path}\` is there already, and says something else`, {
      help: overwrite === undefined ? 'name another file' : 'name another folder, or add --overwrite',
    });
  await mkdir(folder, { recursive: true });
  for (const { path, text } of placed) await writeFile(path, text);
}

/** `1 rule`, `2 rules` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
