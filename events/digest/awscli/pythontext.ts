// JSON values as Python shows them, for the few messages of awscli that print whatever a damaged digest holds.

const TYPE_NAMES: Record<string, string> = { string: 'str', boolean: 'bool' };

/** Python's name for the type of a JSON value. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return TYPE_NAMES[typeof value] ?? 'dict';
}

const ATOMS = new Map<unknown, string>([
  [null, 'None'],
  [undefined, 'None'],
  [true, 'True'],
  [false, 'False'],
]);

/** `repr(value)` of a JSON value. */
function shown(value: unknown): string {
  if (typeof value === 'string') {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    const body = value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
    return `${quote}${body.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}${quote}`;
  }
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([name, inner]) => `${shown(name)}: ${shown(inner)}`)
      .join(', ')}}`;
  return ATOMS.get(value) ?? String(value);
}

/** `str(value)` of a JSON value. */
export const pythonText = (value: unknown): string => (typeof value === 'string' ? value : shown(value));

/** Halves of characters, which have no UTF-8, are told by their number, as Python does on stderr. */
export const pythonErrorText = (text: string): string => text.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
