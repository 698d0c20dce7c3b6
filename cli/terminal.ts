// What every command shows a person: text made safe, colours, errors.
import pc from 'picocolors';
import { TrailbusError } from '../events/errors.ts';

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

/** Writes an error as `trailbus: message`, then where it is and what to do next. */
export function complain(error: unknown): void {
  const lines = [`${pc.red('trailbus:')} ${printable(error instanceof Error ? error.message : String(error))}`];
  if (error instanceof TrailbusError) {
    const place = [error.source, error.path].filter((part) => part !== undefined).join(', ');
    if (place) lines.push(`  in ${printable(place)}`);
    if (error.help) lines.push(`  ${pc.bold('next:')} ${printable(error.help)}`);
  }
  process.stderr.write(`${lines.join('\n')}\n`);
}
