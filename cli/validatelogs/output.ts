// Writes a report's pieces to their streams, with a progress bar that leaves no trace when stderr is a terminal.
import { SingleBar } from 'cli-progress';
import type { Piece } from '../../events/digest/report.ts';

/** Text kept back at most before it is written, where nobody watches. */
const KEPT_CHARACTERS = 65_536;

const CLEAR_LINE = '\r\u001b[K';

export interface Output {
  write(piece: Piece): void;
  /** Shows how far the check has come: 0 to 1. */
  progress(share: number): void;
  end(): void;
}

/** Keeps text for stdout together; stderr is written at once, after what came before it. */
export class StreamOutput implements Output {
  private kept = '';
  private bar: SingleBar | undefined;

  write({ to, text }: Piece): void {
    if (to === 'stdout') {
      this.kept += text;
      if (process.stdout.isTTY || this.kept.length > KEPT_CHARACTERS) this.flush();
      return;
    }
    this.flush();
    this.clearBar();
    process.stderr.write(text);
  }

  progress(share: number): void {
    if (!process.stderr.isTTY) return;
    if (!this.bar) {
      const format = 'checking [{bar}] {percentage}% {eta_formatted}';
      this.bar = new SingleBar({
        format,
        stream: process.stderr,
        clearOnComplete: true,
        hideCursor: true,
        fps: 5,
        linewrap: null as never,
      });
      this.bar.start(1_000, 0);
    }
    this.bar.update(Math.round(share * 1_000));
  }

  private clearBar(): void {
    if (this.bar && process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
  }

  private flush(): void {
    if (this.kept === '') return;
    if (process.stdout.isTTY) this.clearBar();
    process.stdout.write(this.kept);
    this.kept = '';
  }

  end(): void {
    this.bar?.stop();
    this.bar = undefined;
    this.flush();
  }
}
