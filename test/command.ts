// Runs the built trailbus command, as a user would; test/run.ts builds it before the first suite.
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const ROOT = join(import.meta.dirname, '..');
const ARGUMENTS = [join(ROOT, 'dist/cli/trailbus.js')];
const ENVIRONMENT = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

export interface CommandOutcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the command and waits for its end. @param env  variables besides those of this process */
export function trailbusProcess(args: string[], input: string | Uint8Array = '', env: Record<string, string> = {}): CommandOutcome {
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

/**
 * Says what the command does with arguments, without standard input. The calls of a test file share one process, one after the other: where it matters how
 * a process begins or ends, use {@link trailbusProcess}.
 */
export function trailbus(args: string[]): Promise<CommandOutcome> {
  const outcome = last.then(() => ask(args));
  last = outcome.catch(() => undefined);
  return outcome;
}

let host: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

const startHost = () =>
  fork(join(import.meta.dirname, 'commandhost.mjs'), {
    cwd: ROOT,
    env: ENVIRONMENT,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });

async function ask(args: string[]): Promise<CommandOutcome> {
  host ??= startHost();
  const [running, { stdout, stderr }] = [host, host];
  const handles = [running, running.channel!, stdout as Socket, stderr as Socket];
  for (const handle of handles) handle.ref();
  const end = `\n${randomUUID()}\n`;
  const ended = new Promise<number>((done, fail) => {
    running.once('message', done);
    running.once('exit', (code) => fail(new Error(`the process ended with ${code}: ${args.join(' ')}`)));
  });
  const said = Promise.all([textUntil(stdout!, end), textUntil(stderr!, end)]);
  running.send({ args, end });
  try {
    const code = await ended;
    return { code, stdout: (await said)[0], stderr: (await said)[1] };
  } finally {
    // A host that waits does not keep the tests' process from ending.
    for (const handle of handles) handle.unref();
    running.removeAllListeners('exit');
  }
}

function textUntil(stream: Readable, end: string): Promise<string> {
  return new Promise((done) => {
    let text = '';
    const take = (piece: string) => {
      text += piece;
      if (!text.endsWith(end)) return;
      stream.off('data', take);
      done(text.slice(0, -end.length));
    };
    stream.setEncoding('utf8').on('data', take);
  });
}
