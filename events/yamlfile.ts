// A YAML file of ours, read by a schema: every fault of it in one answer, each with its line, its path and the nearest right word.
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, parseAllDocuments } from 'yaml';
import type * as z from 'zod';
import { FileError, type FileFault } from './errors.ts';
import { nearestOfFew, placeAt } from './pattern/index.ts';

export { FileError, type FileFault } from './errors.ts';

/** What the reader of YAML complains of, in a line: its place is told otherwise. */
export const yamlComplaint = ({ message }: Error): string => message.split('\n')[0]!.replace(/ at line.*$/, '');

/** One document of a file, and where its parts stand. */
export interface YamlDocument {
  value: unknown;
  document: Document;
  source: string;
  file: string;
}

/**
 * The documents of a file, as plain values.
 * @throws FileError when it is no YAML, or has a key twice
 */
export function readYaml(file: string, source: string): YamlDocument[] {
  const parsed = parseAllDocuments(file, { logLevel: 'silent', merge: true });
  const documents = Array.isArray(parsed) ? parsed : [];
  const faults = documents.flatMap(({ errors }) =>
    errors.map((error) => ({
      ...placeAt(file, error.pos[0]),
      source,
      path: '',
      message: `is not YAML: ${yamlComplaint(error)}`,
    })),
  );
  if (faults.some(({ message }) => message.includes('call stack'))) throw tooDeep(source);
  if (faults.length > 0) throw new FileError(faults);
  return documents.map((document) => ({ value: plainValueOf(document, source), document, source, file }));
}

/** Bounded: aliases of aliases, and lists in lists in lists, take more room than the file has. */
function plainValueOf(document: Document, source: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(source);
    throw new FileError([{ ...wholeFile(source), message: 'has aliases of aliases without end' }]);
  }
}

const wholeFile = (source: string) => ({ source, line: 1, column: 1, path: '' });
const tooDeep = (source: string) => new FileError([{ ...wholeFile(source), message: 'is nested too deep' }]);

/** The node at a path of keys and positions, aliases and merged maps followed; undefined where nothing stands there. */
export function nodeExactlyAt(document: Document, path: readonly PropertyKey[]): Node | undefined {
  let node: unknown = document.contents;
  for (const step of path) node = inside(node, step, document);
  return (node ?? undefined) as Node | undefined;
}

/** The node at a path, or the nearest one above it that is there. */
export function nodeAt(document: Document, path: readonly PropertyKey[]): Node | null {
  for (let length = path.length; length > 0; length--) {
    const node = nodeExactlyAt(document, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return document.contents as Node | null;
}

const aliased = (node: unknown, document: Document): unknown => (isAlias(node) ? node.resolve(document) : node);

function inside(node: unknown, step: PropertyKey, document: Document): unknown {
  const target = aliased(node, document);
  if (isSeq(target)) return target.get(step as number, true);
  if (!isMap(target)) return undefined;
  return target.get(step as string, true) ?? firstOf(target.items.filter(isMergePair), (pair) => insideMerged(pair, step, document));
}

/** Of `<<: *base` and `<<: [*one, *two]`. */
function insideMerged({ value }: Pair, step: PropertyKey, document: Document): unknown {
  const merged = aliased(value, document);
  return isSeq(merged) ? firstOf(merged.items, (item) => inside(item, step, document)) : inside(merged, step, document);
}

/** The reader of YAML has a symbol for the key `<<`. */
const isMergePair = ({ key }: Pair): boolean => isScalar(key) && typeof key.value === 'symbol';

function firstOf<Item>(items: readonly Item[], find: (item: Item) => unknown): unknown {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a key stands. */
function keyAt(node: Node | null, key: string): number | undefined {
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isPair(item) && String((item.key as { value?: unknown }).value) === key);
  return (pair?.key as Node | undefined)?.range?.[0];
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`),
    '',
  );

/**
 * The value of a document as its schema has it, or what is wrong with it.
 * @returns never both: a value without faults, or faults
 */
export function checkYaml<Schema extends z.ZodType>(
  each: YamlDocument,
  schema: Schema,
): { value: z.output<Schema> } | { faults: FileFault[] } {
  const result = schema.safeParse(each.value);
  if (result.success) return { value: result.data };
  return { faults: result.error.issues.flatMap((issue) => faultsOf(issue, each, schema)) };
}

function faultsOf(issue: z.core.$ZodIssue, each: YamlDocument, schema: z.ZodType): FileFault[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, issue.path, each, schema));
  if (issue.code === 'invalid_union' && issue.errors.length > 0)
    return meantOf(issue.errors).flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }, each, schema));
  return [{ ...placeOfPath(each, issue.path), ...wordsOf(issue, valueAtPath(each.value, issue.path)) }];
}

/** Where a path of a document stands in its file, for a fault of it. */
export const placeOfPath = (each: YamlDocument, path: readonly PropertyKey[]): Pick<FileFault, 'source' | 'line' | 'column' | 'path'> => ({
  ...{ source: each.source, ...placeAt(each.file, nodeAt(each.document, path)?.range?.[0] ?? 0) },
  path: pathText(path),
});

/** The same for the key at the end of a path, not its value. */
export function placeOfKey(each: YamlDocument, path: readonly PropertyKey[]): ReturnType<typeof placeOfPath> {
  const at = keyAt(nodeAt(each.document, path.slice(0, -1)), String(path.at(-1)));
  return { ...placeOfPath(each, path), ...(at === undefined ? {} : placeAt(each.file, at)) };
}

type Issues = z.core.$ZodIssue[];

/** Of the forms that a value may have, the faults of the one that was meant: of its kind, with its keys, read the farthest. */
function meantOf(branches: readonly Issues[]): Issues {
  const forms = flattened(branches);
  const ofKind = forms.filter((issues) => !issues.some(({ path, code }) => path.length === 0 && code === 'invalid_type'));
  if (ofKind.length === 0) return forms[0]!;
  const ofKeys = ofKind.filter((issues) => strangeKeys(issues).length === 0);
  if (ofKeys.length > 0) return ofKeys.reduce((best, issues) => (depthOf(issues) > depthOf(best) ? issues : best));
  const strange = strangeKeys(ofKind[0]!).filter((key) => ofKind.every((issues) => strangeKeys(issues).includes(key)));
  if (strange.length > 0) return [{ code: 'unrecognized_keys', keys: strange, path: [], input: undefined, message: '' }];
  return ofKind.reduce((best, issues) => (issues.length < best.length ? issues : best));
}

/** A choice within a choice is one choice. */
const flattened = (branches: readonly Issues[]): Issues[] =>
  branches.flatMap((issues) => {
    const [only, ...more] = issues;
    const isChoice = only?.code === 'invalid_union' && only.path.length === 0 && more.length === 0 && only.errors.length > 0;
    return isChoice ? flattened(only.errors) : [issues];
  });

const strangeKeys = (issues: Issues): string[] =>
  issues.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : []));

const depthOf = (issues: Issues): number => Math.max(0, ...issues.map(({ path }) => path.length));

/** The value at a path of own keys and positions. */
export const valueAtPath = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step) ? (inner as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  );

function unknownKey(key: string, path: readonly PropertyKey[], each: YamlDocument, schema: z.ZodType): FileFault {
  const node = nodeAt(each.document, path);
  const known = keysAt(schema, path);
  const place = { source: each.source, ...placeAt(each.file, keyAt(node, key) ?? node?.range?.[0] ?? 0), path: pathText([...path, key]) };
  if (known.includes(key)) return { ...place, message: 'does not go with the other keys here' };
  const meant = nearestOfFew(key, known);
  const help = meant !== undefined ? `did you mean \`${meant}\`?` : known.length > 0 ? `there are ${known.join(', ')}` : undefined;
  return { ...place, message: 'is not known', ...(help === undefined ? {} : { help }) };
}

interface Inner {
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  options?: z.ZodType[];
  valueType?: z.ZodType;
  unwrap?: () => z.ZodType;
  in?: z.ZodType;
}

/** The keys a schema knows at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const inner = schema as unknown as Inner;
  if (inner.unwrap !== undefined && inner.element === undefined) return keysAt(inner.unwrap(), path);
  if (inner.in !== undefined) return keysAt(inner.in, path);
  if (inner.options !== undefined && inner.shape === undefined)
    return [...new Set(inner.options.flatMap((option) => keysAt(option, path)))];
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(inner.shape ?? {});
  const ofKey = inner.shape !== undefined && Object.hasOwn(inner.shape, step) ? inner.shape[String(step)] : undefined;
  const next = ofKey ?? inner.element ?? inner.valueType;
  return next === undefined ? [] : keysAt(next, rest);
}

/** What a fault says, in our words. */
function wordsOf(issue: z.core.$ZodIssue, got: unknown): { message: string; help?: string } {
  switch (issue.code) {
    case 'invalid_type':
      return got === undefined
        ? { message: 'is missing' }
        : { message: `must be ${withArticle(issue.expected)}, got ${withArticle(kindOf(got))}` };
    case 'invalid_value': {
      const values = issue.values.map(String);
      const meant = typeof got === 'string' ? nearestOfFew(got, values) : undefined;
      const choice = values.length === 1 ? 'must be' : 'must be one of';
      return { message: `${choice} ${values.join(', ')}`, ...(meant === undefined ? {} : { help: `did you mean \`${meant}\`?` }) };
    }
    case 'invalid_union':
      return { message: 'has a form that is not known' };
    case 'too_small':
      return { message: sizeWords(issue.origin, 'at least', issue.minimum) };
    case 'too_big':
      return { message: sizeWords(issue.origin, 'at most', issue.maximum) };
    default:
      return { message: issue.message };
  }
}

/** `must be at least 2`, `must have at most 100 characters`. */
function sizeWords(origin: string, bound: string, number: number | bigint): string {
  if (origin === 'string') return `must have ${bound} ${number} ${number === 1 ? 'character' : 'characters'}`;
  return origin === 'array' ? `must have ${bound} ${number} ${number === 1 ? 'item' : 'items'}` : `must be ${bound} ${number}`;
}

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
const NAMES: Record<string, string> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
  int: 'a whole number',
};
const withArticle = (kind: string): string => (Object.hasOwn(NAMES, kind) ? NAMES[kind]! : `a ${kind}`);
