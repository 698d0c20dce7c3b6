// What a function writes: Powertools writes logs and metrics through consoles of their own, not through the process's.
import { Console } from 'node:console';
import { Writable } from 'node:stream';

export class WrittenLog {
  readonly console: Console;
  private pieces: string[] = [];

  /** @param writers  loggers and metrics that write here from now on */
  constructor(...writers: object[]) {
    const pen = new Writable({
      write: (chunk, _encoding, done) => {
        this.pieces.push(String(chunk));
        done();
      },
    });
    this.console = new Console({ stdout: pen, stderr: pen });
    for (const writer of writers) Object.assign(writer, { console: this.console });
  }

  clear(): void {
    this.pieces = [];
  }

  get text(): string {
    return this.pieces.join('');
  }

  private get texts(): string[] {
    return this.text.split('\n').filter((line) => line !== '');
  }

  /** All lines, each of which must be JSON. */
  get lines(): Record<string, unknown>[] {
    return this.texts.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** A metric's value, where it was published first. */
  metric(name: string): unknown {
    return this.texts
      .filter((line) => line.includes('"_aws"'))
      .map((line) => (JSON.parse(line) as Record<string, unknown>)[name])
      .find((value) => value !== undefined);
  }
}
