// What every command shows a person: text made safe, colours, errors.
import pc from 'picocolors';
import { FileError, type FileFault, TrailbusError } from '../events/errors.ts';

/**
 * DEL and C1 controls; bidi marks, embeddings, overrides and isolates; line and paragraph separators; what takes no room: soft hyphen, zero-width spaces
 * and joiners, invisible operators, annotations, the byte order mark, tags. JSON lets all of them stand in a text as they are.
 */
const HIDDEN =
  '\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';
const HIDING = new RegExp(`[${HIDDEN}]`, 'gu');
/** C0 controls too. */
const UNSAFE = new RegExp(`[\\u0000-\\u001f${HIDDEN}]`, 'gu');

/** Text from a log made safe to show on one line of a terminal: controls, bidi marks and what takes no room become `\u{…}`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (mark) => `\\u{${mark.codePointAt(0)!.toString(16)}}`);
}

/** JSON, or YAML whose odd texts stand in double quotes, made safe to show: it says the same to whoever reads it. */
export const quotedPrintable = (text: string): string => text.replace(HIDING, (mark) => mark.split('').map(escapedUnit).join(''));

const escapedUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A value as JSON for standard output: callers write what logs hold, and a terminal, or a reader that splits lines, must not obey it. */
export const jsonText = (value: unknown, indent?: number): string => quotedPrintable(JSON.stringify(value, null, indent));

/** One object of an answer that has one a line. */
export const jsonLine = (value: unknown): string => `${jsonText(value)}\n`;

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
