// A progress bar on standard error, on a terminal only.
import type { GenericFormatter } from 'cli-progress';

export interface Progress {
  /** `label` names what is being worked on; without a `total` there is a count and no bar. */
  advance(done: number, total: number | undefined, label: string): void;
  stop(): void;
}

const SILENT: Progress = { advance: () => undefined, stop: () => undefined };
const WIDTH = 40;

const barOf = (share: number) => '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');

/** `████░░░░ 3/8 files · NAME`, or `3 files · NAME`. */
const lineOf =
  (unit: string): GenericFormatter =>
  (_options, { value, total, progress }, { label, isKnown }) =>
    isKnown ? `${barOf(progress)} ${value}/${total} ${unit} · ${label}` : `${value} ${unit} · ${label}`;

/** A bar that shows `unit`s done, or nothing when standard error is no terminal or `silent` is set. It gives the terminal back as it was, when interrupted too. */
export async function startProgress(unit: string, silent = false): Promise<Progress> {
  if (silent || !process.stderr.isTTY) return SILENT;
  const { SingleBar, Presets } = await import('cli-progress');
  const bar = new SingleBar(
    { format: lineOf(unit), hideCursor: true, clearOnComplete: true, gracefulExit: false, stream: process.stderr },
    Presets.shades_classic,
  );
  bar.start(1, 0, { label: '', isKnown: false });
  const release = onInterrupt(() => bar.stop());
  return {
    advance: (done, total, label) => {
      bar.setTotal(total ?? done);
      bar.update(done, { label, isKnown: total !== undefined });
    },
    stop: () => {
      release();
      bar.stop();
    },
  };
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Does `cleanUp`, then lets the signal do what it does. @returns how to take it back */
function onInterrupt(cleanUp: () => void): () => void {
  const leave = (signal: NodeJS.Signals) => {
    release();
    cleanUp();
    process.kill(process.pid, signal);
  };
  const release = () => {
    for (const signal of SIGNALS) process.off(signal, leave);
  };
  for (const signal of SIGNALS) process.on(signal, leave);
  return release;
}
