// What can go wrong, one class for each thing the reader does next.
import type { FileQuarantine } from './reasons.ts';

export interface ErrorPlace {
  /** File, object or argument the fault is in. */
  source?: string;
  /** Where inside it: a dotted path, a line, a record number. */
  path?: string;
  /** What to do next, as an order: `write ["ConsoleLogin"]`. */
  help?: string;
  cause?: unknown;
}

/** An error that says what was wrong (`message`), where (`source`, `path`) and what to do next (`help`). */
export class TrailbusError extends Error {
  readonly source: string | undefined;
  readonly path: string | undefined;
  readonly help: string | undefined;

  constructor(message: string, place: ErrorPlace = {}) {
    super(message, { cause: place.cause });
    this.name = new.target.name;
    this.source = place.source;
    this.path = place.path;
    this.help = place.help;
  }
}

/** Wrong use of a command or an option: the reader corrects the call. */
export class UsageError extends TrailbusError {}

/** A trigger's payload that announces nothing we know: the reader fixes the trigger. */
export class NotificationError extends TrailbusError {}

/** Bytes that will never become records: the file is quarantined under `reason`. */
export class LogFileError extends TrailbusError {
  readonly reason: FileQuarantine;

  constructor(reason: FileQuarantine, message: string, place: ErrorPlace = {}) {
    super(message, place);
    this.reason = reason;
  }
}

/** An object that couldn't be read now: `retryable` says whether trying again may help. */
export class ReadError extends TrailbusError {
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean, place: ErrorPlace = {}) {
    super(message, place);
    this.retryable = retryable;
  }
}

/** Entries that reached neither the bus nor the parked entries: the file is not done; try again. */
export class DeliveryError extends TrailbusError {
  readonly retryable = true;
}

/** One thing that is wrong in a file of ours. */
export interface FileFault {
  source: string;
  /** Both counted from 1. */
  line: number;
  column: number;
  /** `window.within`; empty for the whole. */
  path: string;
  message: string;
  help?: string;
}

/** A file with faults: the reader mends it. The message has all of them, a line each. */
export class FileError extends TrailbusError {
  readonly faults: readonly FileFault[];

  constructor(faults: readonly FileFault[]) {
    const [first, ...more] = faults;
    super(faults.map(faultLine).join('\n'), {
      source: first!.source,
      ...(more.length === 0 && first!.help !== undefined ? { help: first!.help } : {}),
    });
    this.faults = faults;
  }
}

/** A file's name, or a word of it, may have a line break: a fault stays one line. */
const faultLine = ({ source, line, column, path, message, help }: FileFault): string =>
  `${source}:${line}:${column} ${path === '' ? '' : `\`${path}\` `}${message}${help === undefined ? '' : `; ${help}`}`.replaceAll(
    '\n',
    '\\u{a}',
  );
