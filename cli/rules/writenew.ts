// Files that a command makes: none of the reader's own is lost by it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { UsageError } from '../../events/errors.ts';

interface NewFile {
  path: string;
  text: string;
}

/**
 * Writes files.
 * @throws UsageError, before anything is written, when one is there already and says something else
 */
export function writeNew(files: readonly NewFile[], overwrite: boolean): void {
  const other = files.find(({ path, text }) => !overwrite && existsSync(path) && readFileSync(path, 'utf8') !== text);
  if (other !== undefined)
    throw new UsageError(`\`${other.path}\` is there already, and says something else`, {
      help: 'name another folder, or add --overwrite',
    });
  for (const { path, text } of files) writeFileSync(path, text);
}

/** `1 rule`, `2 rules` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
