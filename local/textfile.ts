// Text files that people wrote, read as text.
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { UsageError } from '../events/errors.ts';

/**
 * A file's text; editors on Windows put a byte order mark before one.
 * @param file  its path, or 0 for standard input
 * @throws UsageError when it is no text in UTF-8, and what reading throws
 */
export function readText(file: string | 0): string {
  const bytes = readFileSync(file);
  if (!isUtf8(bytes))
    throw new UsageError(`${file === 0 ? 'standard input' : `\`${file}\``} is not text in UTF-8`, { help: 'save it as UTF-8' });
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}
