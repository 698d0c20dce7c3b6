// A YAML file of ours, read by a schema: every fault of it in one answer, each with its line, its path and the nearest right word.
import { type Document, isMap, isPair, isSeq, type Node, parseAllDocuments } from 'yaml';
import type * as z from 'zod';
import { TrailbusError } from './errors.ts';
import { nearest, placeAt, type TextPlace } from './pattern/index.ts';

/** One thing that is wrong in a file. */
export interface FileFault extends TextPlace {
  source: string;
  /** `window.within`; empty for the whole. */
  path: string;
  message: string;
  help?: string;
}

/** A file with faults: the reader mends it. The message has all of them, a line each. */
export class FileError extends TrailbusError {
  readonly faults: readonly FileFault[];

  constructor(faults: readonly FileFault[]) {
    super(faults.map(faultLine).join('\n'), { source: faults[0]!.source, ...(faults.length === 1 ? helpOf(faults[0]!) : {}) });
    this.faults = faults;
  }
}

const helpOf = ({ help }: FileFault) => (help === undefined ? {} : { help });

const faultLine = ({ source, line, column, path, message, help }: FileFault): string =>
  `${source}:${line}:${column} ${path === '' ? '' : `\`${path}\` `}${message}${help === undefined ? '' : `; ${help}`}`;

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
      message: `is not YAML: ${error.message.split('\n')[0]!.replace(/ at line.*$/, '')}`,
    })),
  );
  if (faults.length > 0) throw new FileError(faults);
  return documents.map((document) => ({ value: document.toJS({ maxAliasCount: 100 }) as unknown, document, source, file }));
}

/** The node at a path of keys and positions, or the nearest one above it that is there. */
export function nodeAt(document: Document, path: readonly PropertyKey[]): Node | null {
  let node: unknown = document.contents;
  for (const step of path) {
    const next: unknown = isMap(node) || isSeq(node) ? node.get(step as string | number, true) : undefined;
    if (next === undefined || next === null) break;
    node = next;
  }
  return node as Node | null;
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
  if (issue.code === 'invalid_union') {
    const deepest = deepestOf(issue.errors);
    if (deepest.some(({ path }) => path.length > 0))
      return deepest.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }, each, schema));
  }
  const node = nodeAt(each.document, issue.path);
  const fault = { source: each.source, ...placeAt(each.file, node?.range?.[0] ?? 0), path: pathText(issue.path) };
  return [{ ...fault, ...wordsOf(issue, valueAt(each.value, issue.path)) }];
}

/** Of a choice's branches the one that was meant: whose faults lie deepest. */
const deepestOf = (branches: z.core.$ZodIssue[][]): z.core.$ZodIssue[] => {
  const depth = (issues: z.core.$ZodIssue[]) =>
    Math.max(0, ...issues.map(({ path, code }) => path.length * 2 + (code === 'unrecognized_keys' ? 1 : 0)));
  return [...branches].sort((left, right) => depth(right) - depth(left))[0] ?? [];
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step) ? (inner as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  );

function unknownKey(key: string, path: readonly PropertyKey[], each: YamlDocument, schema: z.ZodType): FileFault {
  const node = nodeAt(each.document, path);
  const known = keysAt(schema, path);
  const meant = nearest(key, known);
  const help = meant === undefined ? (known.length > 0 ? `there are ${known.join(', ')}` : undefined) : `did you mean \`${meant}\`?`;
  return {
    ...{ source: each.source, ...placeAt(each.file, keyAt(node, key) ?? node?.range?.[0] ?? 0), path: pathText([...path, key]) },
    ...{ message: 'is not known', ...(help === undefined ? {} : { help }) },
  };
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
  const next = inner.shape?.[String(step)] ?? inner.element ?? inner.valueType;
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
      const meant = typeof got === 'string' ? nearest(got, values) : undefined;
      return { message: `must be one of ${values.join(', ')}`, ...(meant === undefined ? {} : { help: `did you mean \`${meant}\`?` }) };
    }
    case 'invalid_union':
      return { message: 'has a form that is not known' };
    case 'too_small':
      return { message: `must have at least ${issue.minimum}` };
    case 'too_big':
      return { message: `must be at most ${issue.maximum}` };
    default:
      return { message: issue.message };
  }
}

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
const NAMES: Record<string, string> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
  int: 'a whole number',
};
const withArticle = (kind: string): string => (Object.hasOwn(NAMES, kind) ? NAMES[kind]! : `a ${kind}`);
