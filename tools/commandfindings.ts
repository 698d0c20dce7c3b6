// What the built command finds: the findings of a run.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Finding } from '../events/finding.ts';

const ROOT = join(import.meta.dirname, '..');

/** The findings of `trailbus run` with these arguments, in order of time. */
export function commandFindings(...args: string[]): Finding[] {
  const command = [join(ROOT, 'dist/cli/trailbus.js'), 'run', ...args, '--exit-zero', '--json'];
  const text = execFileSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 });
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Finding & { type: string });
  return lines.filter(({ type }) => type === 'finding');
}
