// The pattern language once more, slow and obvious: events flattened to leaves, branches tried by brute force. Shares no code with the engine.

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

/** A leaf of an event: its path, and for every array around its object which array and which element. */
interface EventLeaf {
  path: string;
  value: string | number | boolean | null;
  elements: Map<number, number>;
}

/** Whether a pattern matches an event, both parsed. The pattern must be a valid one. */
export function referenceMatches(pattern: Fields, event: Fields): boolean {
  const leaves: EventLeaf[] = [];
  const arrays = { count: 0 };
  flatten(event, [], new Map(), leaves, arrays);
  return alternatives(pattern, '', [new Map()]).some((branch) => holds([...branch].sort(byPath), new Map(), leaves));
}

const byPath = ([left]: [string, Json[]], [right]: [string, Json[]]): number => (left < right ? -1 : 1);

function flatten(value: Json, path: string[], elements: Map<number, number>, leaves: EventLeaf[], arrays: { count: number }): void {
  if (Array.isArray(value)) {
    const array = arrays.count++;
    value.forEach((item, index) => {
      const opens = typeof item === 'object' && item !== null;
      flatten(item, path, opens ? new Map([...elements, [array, index]]) : elements, leaves, arrays);
    });
  } else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) flatten(item, [...path, key], elements, leaves, arrays);
  else leaves.push({ path: path.join('.'), value, elements });
}

/** The branches so far, each with the fields of an object added; `$or` copies them once for every arm. */
function alternatives(fields: Fields, path: string, branches: Map<string, Json[]>[]): Map<string, Json[]>[] {
  let grown = branches;
  for (const [key, value] of Object.entries(fields)) {
    if (key === '$or') grown = (value as Fields[]).flatMap((arm) => alternatives(arm, path, copies(grown)));
    else if (Array.isArray(value)) for (const branch of grown) branch.set(path === '' ? key : `${path}.${key}`, value);
    else grown = alternatives(value as Fields, path === '' ? key : `${path}.${key}`, grown);
  }
  return grown;
}

const copies = (branches: Map<string, Json[]>[]): Map<string, Json[]>[] => branches.map((branch) => new Map(branch));

/** Tries every leaf for the first path, then goes on with the elements that leaf fixes. */
function holds([first, ...rest]: [string, Json[]][], fixed: Map<number, number>, leaves: EventLeaf[]): boolean {
  if (first === undefined) return true;
  const [path, matchers] = first;
  const candidates = leaves.filter((leaf) => leaf.path === path && consistent(leaf, fixed));
  if (candidates.length === 0 && matchers.some((matcher) => operator(matcher)?.[0] === 'exists' && operator(matcher)?.[1] === false))
    return holds(rest, fixed, leaves);
  const good = candidates.filter((leaf) => matchers.some((matcher) => valueMatches(matcher, leaf.value)));
  return good.some((leaf) => holds(rest, new Map([...fixed, ...leaf.elements]), leaves));
}

const consistent = (leaf: EventLeaf, fixed: Map<number, number>): boolean =>
  [...leaf.elements].every(([array, index]) => (fixed.get(array) ?? index) === index);

const operator = (matcher: Json): [string, Json] | undefined =>
  typeof matcher === 'object' && matcher !== null ? (Object.entries(matcher)[0] as [string, Json]) : undefined;

function valueMatches(matcher: Json, value: EventLeaf['value']): boolean {
  const found = operator(matcher);
  if (found === undefined) return exactly(matcher, value);
  const [name, operand] = found;
  if (name === 'exists') return operand === true;
  if (name === 'numeric') return typeof value === 'number' && inRange(operand as (string | number)[], value);
  if (name === 'anything-but') return !excluded(operand, value);
  return typeof value === 'string' && textMatches(name, operand, value);
}

function exactly(wanted: Json, value: EventLeaf['value']): boolean {
  if (typeof wanted === 'string' && typeof value === 'string' && wanted.includes(':')) {
    const [left, right] = [addressBits(wanted), addressBits(value)];
    if (left !== undefined) return left === right;
  }
  return wanted === value || (wanted === 0 && value === 0);
}

function excluded(operand: Json, value: EventLeaf['value']): boolean {
  const found = Array.isArray(operand) ? undefined : operator(operand);
  const list = [found === undefined ? operand : found[1]].flat() as Json[];
  if (found === undefined) return list.some((each) => each === value || (each === 0 && value === 0));
  return typeof value === 'string' && list.some((each) => textMatches(found[0], each, value));
}

function textMatches(name: string, operand: Json, value: string): boolean {
  const ignoring = operator(operand);
  if (ignoring !== undefined) return new RegExp(affix(name, ignoringCase(ignoring[1] as string)), 's').test(value);
  const text = operand as string;
  if (name === 'prefix') return value.startsWith(text);
  if (name === 'suffix') return value.endsWith(text);
  if (name === 'equals-ignore-case') return new RegExp(`^${ignoringCase(text)}$`, 's').test(value);
  if (name === 'wildcard') return new RegExp(`^${wildcardExpression(text)}$`, 's').test(value);
  return name === 'cidr' && inBlock(text, value);
}

const affix = (name: string, expression: string): string => (name === 'prefix' ? `^${expression}` : `${expression}$`);
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const ignoringCase = (text: string): string =>
  [...text].map((character) => `(?:${literal(character.toLowerCase())}|${literal(character.toUpperCase())})`).join('');
const wildcardExpression = (text: string): string =>
  text.replace(/\\[*\\]|\*|[^*\\]+/g, (piece) => (piece === '*' ? '.*' : literal(piece.startsWith('\\') ? piece.slice(1) : piece)));

function inRange(terms: (string | number)[], value: number): boolean {
  for (let index = 0; index < terms.length; index += 2) {
    const bound = terms[index + 1] as number;
    const good = { '=': value === bound, '<': value < bound, '<=': value <= bound, '>': value > bound, '>=': value >= bound };
    if (!good[terms[index] as keyof typeof good]) return false;
  }
  return true;
}

/** An address as a string of 32 or 128 zeros and ones. */
function addressBits(text: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(text)) {
    const parts = text.split('.').map(Number);
    return parts.every((part) => part < 256) ? parts.map((part) => part.toString(2).padStart(8, '0')).join('') : undefined;
  }
  if (!/^[0-9a-f:]+$/i.test(text) || !text.includes(':') || text.split('::').length > 2) return undefined;
  const [head = '', tail] = text.split('::');
  const groups = (half: string): string[] => (half === '' ? [] : half.split(':'));
  const known = [...groups(head), ...groups(tail ?? '')];
  if (known.some((group) => !/^[0-9a-f]{1,4}$/i.test(group)) || (tail === undefined ? known.length !== 8 : known.length > 7))
    return undefined;
  const all = [...groups(head), ...Array<string>(8 - known.length).fill('0'), ...groups(tail ?? '')];
  return all.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

function inBlock(block: string, value: string): boolean {
  const [address = '', mask = ''] = block.split('/');
  const [wanted, given] = [addressBits(address), addressBits(value)];
  if (wanted === undefined || given === undefined || wanted.length !== given.length) return false;
  return wanted.slice(0, Number(mask)) === given.slice(0, Number(mask));
}
