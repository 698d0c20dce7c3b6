// A pattern written in YAML (or inside other JSON) as raw JSON text, with every character's place in the file kept.
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { TrailbusError } from '../errors.ts';

/** Text of a pattern, and where it came from. */
export interface PatternText {
  /** JSON text: number spellings and repeated keys are those of the file. */
  text: string;
  segments: Segment[];
  /** Values that only a deployment knows (`!Ref`, `${param:…}`): offsets in `text`. */
  unresolved: number[];
}

/** `text` from `at` up to `end` stands in the file from `fileAt`; `exact` when character for character. */
export interface Segment {
  at: number;
  end: number;
  fileAt: number;
  exact: boolean;
}

/** A file that holds no rule we can read: the reader fixes the file. `line` and `column` count from 1. */
export class RuleError extends TrailbusError {
  readonly line: number;
  readonly column: number;

  constructor(message: string, place: { source: string; line: number; column: number; path?: string; help?: string; cause?: unknown }) {
    super(message, { ...place, source: `${place.source}:${place.line}:${place.column}` });
    this.line = place.line;
    this.column = place.column;
  }
}

/** Thrown while a node is read; the caller knows the file. */
export class NodeError extends Error {
  readonly at: number;
  readonly help: string | undefined;

  constructor(message: string, at: number, help?: string) {
    super(message);
    this.at = at;
    this.help = help;
  }
}

/** Longest pattern read: a hundred times what EventBridge takes. Keeps aliases of aliases from filling the memory. */
const MAX_LENGTH = 409_600;

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** What CloudFormation and the Serverless Framework put in at deployment. */
const VARIABLE = /\$\{[^}]+\}/;
const WHOLLY_VARIABLE = /^\s*\$\{[^}]+\}\s*$/;
const isIntrinsicKey = (key: unknown) => typeof key === 'string' && (key === 'Ref' || key.startsWith('Fn::'));

/** An intrinsic function: `!Ref X`, `!Split […]`, `{"Ref": "AWS::AccountId"}`. */
function isUnknown(node: unknown): node is Scalar | YAMLMap | YAMLSeq {
  if (isSeq(node) || isScalar(node)) return node.tag?.startsWith('!') === true;
  return (
    isMap(node) &&
    (node.tag?.startsWith('!') === true || (node.items.length === 1 && isIntrinsicKey((node.items[0]!.key as Scalar)?.value)))
  );
}

const nameOf = ({ key }: Pair): unknown => (isScalar(key) ? key.value : key);
/** `<<`, which is a symbol where the reader of YAML was told to merge. */
const isMerge = ({ key }: Pair): boolean =>
  isScalar(key) && (typeof key.value === 'symbol' || (key.value === '<<' && key.type === 'PLAIN'));

export const startOf = (node: { range?: readonly number[] | null | undefined } | null | undefined): number => node?.range?.[0] ?? 0;

/**
 * The JSON text of a node of a YAML document.
 * @param file  the file's text
 * @throws NodeError
 */
export function patternTextOf(node: Node, document: Document, file: string): PatternText {
  const json = scalarOfJson(node);
  if (json !== undefined) return textOfString(json, json.value, file);
  const writer = new Writer(document, file);
  writer.write(node, 0, 'pattern');
  return writer;
}

type Text = Scalar & { value: string };
const isText = (node: unknown): node is Text => isScalar(node) && typeof node.value === 'string';

/** The string that holds a pattern as JSON, alone or in `Fn::Sub`. */
function scalarOfJson(node: unknown): Text | undefined {
  if (isText(node)) return (node.tag?.startsWith('!') && node.tag !== '!Sub') || WHOLLY_VARIABLE.test(node.value) ? undefined : node;
  if (isSeq(node) && node.tag === '!Sub') return isText(node.items[0]) ? node.items[0] : undefined;
  const inner = isMap(node) && node.items.length === 1 ? node.get('Fn::Sub', true) : undefined;
  return isSeq(inner) ? scalarOfJson(inner.items[0]) : isText(inner) ? inner : undefined;
}

/** A pattern given as a string of JSON: of a block (`|`) or a plain string every line keeps its place. */
function textOfString(node: Scalar, text: string, file: string): PatternText {
  const [start, end] = node.range ?? [0, 0];
  const raw = file.slice(start, end);
  const segments: Segment[] = [];
  let at = 0;
  let rawAt = 0;
  for (const line of text.split('\n')) {
    const content = line.trimStart();
    const found = content === '' ? -1 : raw.indexOf(content, rawAt);
    const from = at + line.length - content.length;
    segments.push({ at: from, end: at + line.length, fileAt: start + Math.max(found, 0), exact: found >= 0 });
    if (found >= 0) rawAt = found + content.length;
    at += line.length + 1;
  }
  return { text, segments, unresolved: variablesIn(text) };
}

/** Where the strings of a JSON text stand that have a variable in them. */
const variablesIn = (text: string): number[] =>
  [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)].filter(([string]) => VARIABLE.test(string)).map(({ index }) => index);

/**
 * What a node is in a pattern: an object of fields, the value of a field, the list of `$or`, or anything in a field's list. What only a deployment knows
 * is written so that the pattern stays one that EventBridge takes.
 */
type Role = 'pattern' | 'field' | 'or' | 'item';

/** What stands around a value that only a deployment knows. */
const AROUND: Record<Role, [before: string, after: string]> = {
  pattern: ['{"source":[', ']}'],
  field: ['[', ']'],
  or: ['[{"source":[', ']},{"source":["unknown"]}]'],
  item: ['', ''],
};

class Writer implements PatternText {
  text = '';
  readonly segments: Segment[] = [];
  readonly unresolved: number[] = [];
  private readonly document: Document;
  private readonly file: string;

  constructor(document: Document, file: string) {
    this.document = document;
    this.file = file;
  }

  write(node: unknown, depth: number, role: Role): void {
    if (this.text.length > MAX_LENGTH || depth > 200) throw new NodeError('the pattern is too large', startOf(node as Node));
    if (isUnknown(node)) this.unknown(node, role);
    else if (isAlias(node)) this.write(this.target(node), depth + 1, role);
    else if (isMap(node)) this.map(node, depth, role);
    else if (isSeq(node)) this.list(node, depth, role === 'or' ? 'pattern' : 'item');
    else if (isScalar(node)) this.scalar(node, role);
    else this.put('null', 0);
  }

  private target(alias: Alias): Node {
    const target = alias.resolve(this.document);
    if (target === undefined) throw new NodeError(`nothing is anchored as \`&${alias.source}\``, startOf(alias));
    return target;
  }

  private map(map: YAMLMap, depth: number, role: Role): void {
    this.put('{', startOf(map));
    let first = true;
    for (const pair of this.pairsOf(map)) {
      if (!first) this.text += ',';
      first = false;
      this.key(pair.key as Node);
      this.text += ':';
      this.write(pair.value, depth + 1, role === 'item' ? 'item' : nameOf(pair) === '$or' ? 'or' : 'field');
    }
    this.put('}', this.endOf(map));
  }

  /** Pairs with `<<: *base` and `<<: [*one, *two]` put in place; what the map says itself, and the earlier of two, counts. */
  private pairsOf(map: YAMLMap): Pair[] {
    const own = new Set(map.items.filter((pair) => !isMerge(pair)).map(nameOf));
    return map.items.flatMap((pair) => {
      if (!isMerge(pair)) return [pair];
      const merged = this.mergedBy(pair);
      if (merged === undefined) return [pair];
      return merged.flatMap((each) => {
        const added = this.pairsOf(each).filter((inner) => !own.has(nameOf(inner)));
        for (const inner of added) own.add(nameOf(inner));
        return added;
      });
    });
  }

  /** The maps that `<<` names; undefined when it names something else. */
  private mergedBy({ value }: Pair): YAMLMap[] | undefined {
    const resolved = (node: unknown): unknown => (isAlias(node) ? this.target(node) : node);
    const target = resolved(value);
    const maps = isSeq(target) ? target.items.map(resolved) : [target];
    return maps.every((each) => isMap(each)) ? maps : undefined;
  }

  private list(list: YAMLSeq, depth: number, role: Role): void {
    this.put('[', startOf(list));
    for (const [index, item] of list.items.entries()) {
      if (index > 0) this.text += ',';
      this.write(item, depth + 1, role);
    }
    this.put(']', this.endOf(list));
  }

  private endOf(node: Node): number {
    return Math.max((node.range?.[1] ?? 1) - 1, 0);
  }

  /** A value that only the deployment knows, as the text that stands for it. */
  private unknown(node: Scalar | YAMLMap | YAMLSeq, role: Role): void {
    const [start, end] = node.range ?? [0, 0];
    const text = isScalar(node) ? String(node.value) : this.file.slice(start, end).trim();
    this.variable(`\${${node.tag?.startsWith('!') ? `${node.tag} ${text}` : text}}`, node, role);
  }

  private variable(text: string, node: Node, role: Role): void {
    const [before, after] = AROUND[role];
    if (before !== '') this.put(before, startOf(node));
    this.unresolved.push(this.text.length);
    this.string(text, node);
    if (after !== '') this.put(after, this.endOf(node));
  }

  private key(key: Node): void {
    if (!isScalar(key)) throw new NodeError('a key must be a plain word', startOf(key));
    this.string(typeof key.value === 'string' ? key.value : (key.source ?? String(key.value)), key);
  }

  private scalar(scalar: Scalar, role: Role): void {
    const { value, source = '' } = scalar;
    if (typeof value === 'string' && WHOLLY_VARIABLE.test(value)) this.variable(value, scalar, role);
    else if (typeof value === 'string') {
      if (VARIABLE.test(value)) this.unresolved.push(this.text.length);
      this.string(value, scalar);
    } else if (typeof value === 'number' || typeof value === 'bigint') this.number(value, source, scalar);
    else this.put(JSON.stringify(value ?? null), startOf(scalar));
  }

  private number(value: number | bigint, source: string, scalar: Scalar): void {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new NodeError(`\`${source}\` is no number a pattern can have`, startOf(scalar), 'write it in quotes to match a string');
    this.put(JSON_NUMBER.test(source) ? source : String(value), startOf(scalar));
  }

  private put(json: string, fileAt: number): void {
    const exact = this.file.startsWith(json, fileAt);
    this.segments.push({ at: this.text.length, end: this.text.length + json.length, fileAt, exact });
    this.text += json;
  }

  /** A string with its quotes: what is between them may stand in the file as it is. */
  private string(value: string, node: Node): void {
    const json = JSON.stringify(value);
    const inner = json.slice(1, -1);
    const start = startOf(node);
    const quoted = /["']/.test(this.file[start] ?? '') ? 1 : 0;
    const exact = this.file.startsWith(inner, start + quoted);
    this.segments.push({ at: this.text.length, end: this.text.length + 1, fileAt: start, exact: false });
    this.segments.push({ at: this.text.length + 1, end: this.text.length + json.length, fileAt: start + quoted, exact });
    this.text += json;
  }
}

/** Where a character of the pattern stands in the file. */
export function fileOffset(segments: readonly Segment[], offset: number): { at: number; exact: boolean } {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle]!.at <= offset) low = middle;
    else high = middle - 1;
  }
  const segment = segments[low];
  if (segment === undefined || segment.at > offset) return { at: segment?.fileAt ?? 0, exact: false };
  const inside = segment.exact && offset <= segment.end;
  return { at: segment.fileAt + (inside ? offset - segment.at : 0), exact: inside && offset < segment.end };
}
