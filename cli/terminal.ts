// What every command shows a person: text made safe, colours, errors.
import pc from 'picocolors';
import { FileError, type FileFault, TrailbusError } from '../events/errors.ts';

/** C0 and C1 controls, DEL, bidi marks, embeddings, overrides and isolates, line and paragraph separators, the byte order mark. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text from a log made safe to show on one line of a terminal: controls and bidi marks become `\u{…}`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (mark) => `\\u{${mark.codePointAt(0)!.toString(16)}}`);
}

/** What stands in double quotes of JSON or YAML, made safe to show: the same text to whoever reads it. Lines stay lines. */
export const quotedPrintable = (text: string): string =>
  text.replace(UNSAFE, (mark) => (mark === '\n' ? mark : `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`));

/** Whether a text holds what a terminal would obey, or an editor hide. */
export const isPrintable = (text: string): boolean => text.search(UNSAFE) < 0;

/** `FILE:LINE:COLUMN path what is wrong`, and below it what to do next. */
export function faultText({ source, line, column, path, message, help }: FileFault): string {
  const where = [`${source}:${line}:${column}`, path].filter((part) => part !== '').map(printable);
  return [`${where.join(' ')} ${printable(message)}`, ...nextLine(help)].map((each) => `${each}\n`).join('');
}

/** Writes an error as `trailbus: message`, then where it is and what to do next; of files with several faults each so. */
export function complain(error: unknown): void {
  if (error instanceof FileError) for (const fault of error.faults) process.stderr.write(`${MARK} ${faultText(fault)}`);
  else process.stderr.write(`${MARK} ${linesOf(error).join('\n')}\n`);
}

/** Writes of each what is sound and still does nothing. */
export function warnOf(faults: readonly FileFault[]): void {
  for (const fault of faults) process.stderr.write(`${pc.yellow('warning:')} ${faultText(fault)}`);
}

const MARK = pc.red('trailbus:');

const nextLine = (help: string | undefined): string[] => (help ? [`  ${pc.bold('next:')} ${printable(help)}`] : []);

function linesOf(error: unknown): string[] {
  const lines = [printable(error instanceof Error ? error.message : String(error))];
  if (!(error instanceof TrailbusError)) return lines;
  const place = [error.source, error.path].filter((part) => part !== undefined).join(', ');
  return [...lines, ...(place ? [`  in ${printable(place)}`] : []), ...nextLine(error.help)];
}
