// A state file put in the place of the one before it.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { UsageError } from '../events/errors.ts';

/**
 * Writes pieces of text beside a file, for the owner's eyes only, and puts them in its place: whoever reads finds the old state or the new one.
 * @throws UsageError when it can't be written
 */
export function replaceState(path: string, pieces: Iterable<string>): void {
  const beside = `${path}.${process.pid}.new`;
  try {
    writePieces(beside, pieces);
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw new UsageError(`can’t write the state \`${path}\`: ${(cause as Error).message}`, {
      help: 'name a file in a folder that exists and can be written to',
      cause,
    });
  }
}

/** Written in pieces: the whole may be longer than a text can be. */
function writePieces(path: string, pieces: Iterable<string>): void {
  const file = openSync(path, 'w', 0o600);
  try {
    let piece = '';
    for (const each of pieces) {
      piece += each;
      if (piece.length < 1024 * 1024) continue;
      writeSync(file, piece);
      piece = '';
    }
    writeSync(file, piece);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
