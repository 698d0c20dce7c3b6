// What every command shows a person: text made safe, colours, errors.
import pc from 'picocolors';
import { TrailbusError } from '../events/errors.ts';

/** C0 and C1 controls, DEL, bidi marks, embeddings, overrides and isolates, line and paragraph separators, the byte order mark. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text from a log made safe to show on one line of a terminal: controls and bidi marks become `\u{…}`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (mark) => `\\u{${mark.codePointAt(0)!.toString(16)}}`);
}

/** JSON text made safe in the same way and still the same JSON, which has escapes of its own. */
export const printableJson = (json: string): string =>
  json.replace(UNSAFE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);

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
