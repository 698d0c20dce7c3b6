// Runs the built trailbus command, as a user would; test/run.ts builds it before the first suite.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const ARGUMENTS = [join(ROOT, 'dist/cli/trailbus.js')];
const ENVIRONMENT = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param env  variables besides those of this process */
export function trailbus(args: string[], input: string | Uint8Array = '', env: Record<string, string> = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...ARGUMENTS, ...args], {
    cwd: ROOT,
    env: { ...ENVIRONMENT, ...env },
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}

/** Starts the command and leaves it running. */
export const startTrailbus = (args: string[]) => spawn(process.execPath, [...ARGUMENTS, ...args], { cwd: ROOT, env: ENVIRONMENT });
