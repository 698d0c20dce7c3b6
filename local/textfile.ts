// Text files that people wrote, read as text.
import { readFileSync } from 'node:fs';

/**
 * A file's text; editors on Windows put a byte order mark before one.
 * @param file  its path, or 0 for standard input
 */
export const readText = (file: string | 0): string => readFileSync(file, 'utf8').replace(/^\ufeff/, '');
