// Sigma's meaning, as plainly as can be: what a rule says of one record, read off its YAML with nothing of ours between.

type Fields = Record<string, unknown>;

/** Whether a rule (its parsed YAML) wants a record. Knows the conditions that `sigmarules.ts` makes. */
export function sigmaMatches(rule: { detection: Fields }, record: Fields): boolean {
  const { condition, ...searches } = rule.detection;
  return [condition].flat().some((text) => holds(String(text), searches, record));
}

/** Turns the condition into a JavaScript expression of its searches, and lets that be evaluated. */
function holds(condition: string, searches: Fields, record: Fields): boolean {
  const verdicts = Object.fromEntries(Object.entries(searches).map(([name, search]) => [name, searchHolds(search, record)]));
  const source = condition.replace(/(\w+) of ([\w*]+)|[A-Za-z_]\w*/g, (word, count?: string, pattern?: string) => {
    if (count !== undefined) return String(countHolds(count, pattern!, verdicts));
    if (word === 'and') return '&&';
    if (word === 'or') return '||';
    return word === 'not' ? '!' : String(verdicts[word]);
  });
  return new Function(`return ${source}`)() as boolean;
}

function countHolds(count: string, pattern: string, verdicts: Record<string, boolean>): boolean {
  const shape = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
  const chosen = Object.entries(verdicts).filter(([name]) => (pattern === 'them' ? !name.startsWith('_') : shape.test(name)));
  const held = chosen.filter(([, held]) => held).length;
  return count === 'all' ? held === chosen.length : held >= Number(count);
}

function searchHolds(search: unknown, record: Fields): boolean {
  if (Array.isArray(search)) return search.some((each) => searchHolds(each, record));
  return Object.entries(search as Fields).every(([key, value]) => fieldHolds(key, value, record));
}

const ABSENT = Symbol('absent');

/** All values at a path, lists gone from it. */
function valuesIn(value: unknown, steps: string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesIn(each, steps));
  if (steps.length === 0) return [value];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, steps[0]!)) return [];
  return valuesIn((value as Fields)[steps[0]!], steps.slice(1));
}

/** Whether anything stands at a path, if only an empty list. */
function isThere(value: unknown, steps: string[]): boolean {
  if (steps.length === 0) return true;
  if (Array.isArray(value)) return value.some((each) => isThere(each, steps));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, steps[0]!)) return false;
  return isThere((value as Fields)[steps[0]!], steps.slice(1));
}

function fieldHolds(key: string, given: unknown, record: Fields): boolean {
  const [field = '', ...modifiers] = key.split('|');
  const steps = field.split('.');
  const found = isThere(record, steps) ? valuesIn(record, steps) : [ABSENT];
  const verdicts = [given].flat().map((wanted) => found.some((value) => valueHolds(value, wanted, modifiers)));
  const held = modifiers.includes('all') ? verdicts.every(Boolean) : verdicts.some(Boolean);
  return modifiers.includes('neq') ? !held : held;
}

function valueHolds(value: unknown, wanted: unknown, modifiers: string[]): boolean {
  if (modifiers.includes('exists')) return (value !== ABSENT) === wanted;
  if (wanted === null) return value === ABSENT || value === null;
  if (value === ABSENT || value === null || typeof value === 'object') return false;
  for (const [name, compare] of Object.entries(COMPARISONS))
    if (modifiers.includes(name)) return typeof value === 'number' && compare(value, Number(wanted));
  if (modifiers.includes('cidr')) return typeof value === 'string' && inBlock(value, String(wanted));
  if (modifiers.includes('re')) return new RegExp(String(wanted), modifiers.includes('i') ? 'i' : '').test(String(value));
  return new RegExp(`^${shapeOf(String(wanted), modifiers)}$`, modifiers.includes('cased') ? '' : 'i').test(String(value));
}

const COMPARISONS: Record<string, (value: number, wanted: number) => boolean> = {
  gte: (value, wanted) => value >= wanted,
  gt: (value, wanted) => value > wanted,
  lte: (value, wanted) => value <= wanted,
  lt: (value, wanted) => value < wanted,
};

/** The value as a regular expression, `*` and `?` of Sigma in it. */
function shapeOf(text: string, modifiers: string[]): string {
  const shape = text.replace(/\\([*?\\])|[\s\S]/g, (unit, plain?: string) =>
    plain !== undefined
      ? `\\${plain}`
      : unit === '*'
        ? '[\\s\\S]*'
        : unit === '?'
          ? '[\\s\\S]'
          : unit.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'),
  );
  const [inside, starts, ends] = ['contains', 'startswith', 'endswith'].map((name) => modifiers.includes(name));
  return `${inside || ends ? '[\\s\\S]*' : ''}${shape}${inside || starts ? '[\\s\\S]*' : ''}`;
}

const numberOf = (address: string): number | undefined =>
  /^\d+\.\d+\.\d+\.\d+$/.test(address) ? address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;

/** Of IPv4 alone. */
function inBlock(value: string, block: string): boolean {
  const [base = '', bits = '32'] = block.split('/');
  const [low, address] = [numberOf(base), numberOf(value)];
  return address !== undefined && Math.floor(address / 2 ** (32 - Number(bits))) === Math.floor(low! / 2 ** (32 - Number(bits)));
}
