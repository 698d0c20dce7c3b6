// Answers of a run as they come: out of the way of a progress bar, and of a reader that has gone.

import { once } from 'node:events';

/** Characters held back until a piece is written. */
const PIECE = 65_536;

export class AnswerWriter {
  private readonly stream: NodeJS.WriteStream;
  private pending = '';
  private gone = false;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.gone ||= error.code === 'EPIPE';
    });
  }

  /** @param lines  makes the text: it need not be made where nobody reads any more */
  write(lines: () => string): void {
    if (this.gone) return;
    if (this.pending === '') setImmediate(() => this.flush());
    this.pending += lines();
    if (this.stream.isTTY || this.pending.length > PIECE) this.flush();
  }

  /** Waits until what was written is taken, or nobody reads any more: a slow reader must not fill the memory. */
  async drained(): Promise<void> {
    if (this.gone || !this.stream.writableNeedDrain) return;
    const over = new AbortController();
    const ends = ['drain', 'close'].map((name) => once(this.stream, name, { signal: over.signal }));
    await Promise.race(ends).catch(() => undefined);
    over.abort();
  }

  /** Writes what was held back. */
  flush(): void {
    if (this.pending === '' || this.gone) return;
    // A progress bar may stand on this line.
    if (this.stream.isTTY && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    this.stream.write(this.pending);
    this.pending = '';
  }
}
