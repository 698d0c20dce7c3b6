// Runs that are remembered in a file: the last one, and the one before it.
import { readFileSync } from 'node:fs';
import type { KeptRun } from '../../events/advice/index.ts';
import { UsageError } from '../../events/errors.ts';
import { replaceState } from '../../local/replacestate.ts';

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

/** Puts a run in the place of the last one, which becomes the one before. @throws UsageError */
export const writeKept = (path: string, { last }: KeptRuns, run: KeptRun): void =>
  replaceState(path, [`${JSON.stringify({ trailbus: 'advice', version: 1, before: last, last: run })}\n`]);
