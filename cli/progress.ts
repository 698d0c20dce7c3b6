// A progress bar on standard error, on a terminal only.

export interface Progress {
  /** `label` names what is being worked on. */
  advance(done: number, total: number | undefined, label: string): void;
  stop(): void;
}

const SILENT: Progress = { advance: () => undefined, stop: () => undefined };

/** A bar that shows `unit`s done, or nothing when standard error is no terminal or `silent` is set. */
export async function startProgress(unit: string, silent = false): Promise<Progress> {
  if (silent || !process.stderr.isTTY) return SILENT;
  const { SingleBar, Presets } = await import('cli-progress');
  const bar = new SingleBar(
    { format: `{bar} {value}/{total} ${unit} · {label}`, hideCursor: true, clearOnComplete: true, stream: process.stderr, etaBuffer: 50 },
    Presets.shades_classic,
  );
  bar.start(1, 0, { label: '' });
  return {
    advance: (done, total, label) => {
      bar.setTotal(total ?? done);
      bar.update(done, { label });
    },
    stop: () => bar.stop(),
  };
}
