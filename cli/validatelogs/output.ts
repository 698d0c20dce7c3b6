// Writes a report's pieces to their streams, with a progress bar that leaves no trace when stderr is a terminal.
import { SingleBar } from 'cli-progress';
import { awscliMessage, pythonErrorText, type ReportPiece } from '../../events/digest/awscli/index.ts';
import { ExitCode } from '../exitcode.ts';

/** Text kept back at most before it is written, where nobody watches. */
const KEPT_CHARACTERS = 65_536;

export interface ReportOutput {
  write(piece: ReportPiece): void;
  /** Shows how far the check has come: 0 to 1. */
  progress(share: number): void;
  end(): void;
}

/** Who reads stdout has gone, as `head` does: there is nobody to check for. */
function leave(error: NodeJS.ErrnoException): never {
  process.stderr.write(`\n${awscliMessage(error)}\n`);
  process.exit(ExitCode.unchecked);
}

/** Keeps text for stdout together; stderr is written at once, after what came before it. */
export class StreamOutput implements ReportOutput {
  private kept = '';
  private bar: SingleBar | undefined;

  constructor() {
    process.stdout.on('error', leave);
  }

  write({ to, text }: ReportPiece): void {
    if (to === 'stdout') {
      this.kept += text;
      if (process.stdout.isTTY || this.kept.length > KEPT_CHARACTERS) this.flush();
      return;
    }
    this.flush();
    this.hideBar();
    process.stderr.write(pythonErrorText(text));
  }

  progress(share: number): void {
    const value = Math.round(share * 1_000);
    if (this.bar) this.bar.update(value);
    else this.showBar(value);
  }

  private showBar(value: number): void {
    // Cursor and wrapping stay as they are: Ctrl-C must not leave a terminal without them.
    const settings = { stream: process.stderr, clearOnComplete: true, hideCursor: false, linewrap: true, fps: 5 };
    this.bar = new SingleBar({ ...settings, format: 'checking [{bar}] {percentage}%' });
    this.bar.start(1_000, value);
  }

  /** Nothing may be written while the bar stands: it clears the line it began on. */
  private hideBar(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private flush(): void {
    if (this.kept === '') return;
    if (process.stdout.isTTY) this.hideBar();
    process.stdout.write(this.kept);
    this.kept = '';
  }

  end(): void {
    this.hideBar();
    this.flush();
  }
}
