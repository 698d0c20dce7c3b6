// Runs that are remembered in a file: the last one, and the one before it.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { KeptRun } from '../../events/advice/index.ts';
import { UsageError } from '../../events/errors.ts';

export interface KeptRuns {
  before?: KeptRun;
  last?: KeptRun;
}

/** @throws UsageError when it can't be read, or holds something else */
export function readKept(path: string): KeptRuns {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UsageError(`can’t read the state \`${path}\`: ${(cause as Error).message}`, { help: 'name a file that can be read', cause });
  }
  const { trailbus, version, ...runs } = parsed(text) as { trailbus?: unknown; version?: unknown } & KeptRuns;
  if (trailbus === 'advice' && version === 1) return runs;
  throw new UsageError(`\`${path}\` is no state of \`trailbus advise\`, or is damaged`, { help: 'name another file, or delete this one' });
}

function parsed(text: string): object {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

/** Puts a run in the place of the last one, which becomes the one before; for the owner's eyes only. @throws UsageError */
export function writeKept(path: string, { last }: KeptRuns, run: KeptRun): void {
  const beside = `${path}.${process.pid}.new`;
  try {
    writeFileSync(beside, `${JSON.stringify({ trailbus: 'advice', version: 1, before: last, last: run })}\n`, { mode: 0o600 });
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw new UsageError(`can’t write the state \`${path}\`: ${(cause as Error).message}`, {
      help: 'name a file in a folder that exists and can be written to',
      cause,
    });
  }
}
