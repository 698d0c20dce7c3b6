// What a refused pattern says: EventBridge's own words, the place, and what to write instead.
import { TrailbusError } from '../errors.ts';

/** A place in a pattern's text, both counted from 1; columns are UTF-16 units. */
export interface TextPlace {
  line: number;
  column: number;
}

/** Line and column of the character at `offset`. */
export function placeAt(text: string, offset: number): TextPlace {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

/** The offset of the character at a line and column: what `placeAt` undoes. */
export function offsetAt(text: string, { line, column }: TextPlace): number {
  let start = 0;
  for (let passed = 1; passed < line; passed++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

/**
 * A pattern EventBridge refuses: the reader fixes the rule.
 *
 * `message` is what EventBridge answers (`Event pattern is not valid. Reason: …`), `reason` only what follows `Reason: `.
 * `line` and `column` (from 1) point at the refused word, `path` at the field it belongs to, `source` names the rule.
 */
export class PatternError extends TrailbusError {
  readonly reason: string;
  readonly line: number;
  readonly column: number;

  constructor(reason: string, place: { source?: string; path?: string; help?: string; cause?: unknown } & TextPlace) {
    super(`Event pattern is not valid. Reason: ${reason}`, place);
    this.reason = reason;
    this.line = place.line;
    this.column = place.column;
  }
}

/** An event that can't be matched: the reader fixes what gives the events. `message` begins with EventBridge's own words. */
export class EventError extends TrailbusError {
  constructor(what: string, help = 'give one JSON object') {
    super(`Parameter Event is not valid. ${what}`, { help });
  }
}
