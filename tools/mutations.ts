// Small faults that can be put into a file: one operator, condition, value or statement made another.
import { SourceMap, type SourceMapPayload } from 'node:module';
import { transformSync } from 'esbuild';

export interface Mutant {
  file: string;
  /** Place in the source, from 1. */
  line: number;
  column: number;
  was: string;
  becomes: string;
  /** The file with this fault, as JavaScript. */
  text: string;
}

interface Token {
  kind: 'word' | 'number' | 'text' | 'template' | 'pattern' | 'mark';
  text: string;
  at: number;
}

/** After these a `/` begins a regular expression, and `+` and `-` have one side only. */
const BEFORE_VALUE = /^(?:[-+*/%&|^=<>!?:;,.~([{]+|return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/;
const TOKEN =
  /(?<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?<number>(?<![\w$])\d[\w.]*)|(?<word>#?[A-Za-z_$][\w$]*)|(?<mark>=>|\.\.\.|\*\*=?|>>>?=?|<<=?|&&=?|\|\|=?|\?\?=?|\?\.(?!\d)|[-+]{2}|[=!]==?|[-+*/%&|^<>]=?|[[\]{}();,.:?~=!])/y;
const BLANK = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
const PATTERN = /(?<pattern>\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[])+\/[a-z]*)/y;
/** A template from its beginning, or from the end of an expression inside, to the next expression or its end. */
const TEMPLATE = /(?<template>[`}](?:\\[\s\S]|(?!\$\{)[^`\\])*(?:`|\$\{))/y;

/** JavaScript as esbuild prints it, in pieces. */
function* tokensOf(code: string): Generator<Token> {
  /** Braces that are open, innermost last; true for one that stands in a template. */
  const braces: boolean[] = [];
  let before = ';';
  for (let at = 0; ; ) {
    at = matchAt(BLANK, code, at)![0].length + at;
    if (at >= code.length) return;
    const [first] = code.slice(at, at + 1);
    const isTemplate = first === '`' || (first === '}' && braces.at(-1) === true);
    const matcher = isTemplate ? TEMPLATE : first === '/' && BEFORE_VALUE.test(before) ? PATTERN : TOKEN;
    const found = matchAt(matcher, code, at);
    if (!found) throw new Error(`can’t read ${JSON.stringify(code.slice(at, at + 40))}`);
    const [text] = found;
    const [kind] = Object.entries(found.groups!).find(([, group]) => group !== undefined)!;
    if (first === '}') braces.pop();
    if (text === '{' || text.endsWith('${')) braces.push(text !== '{');
    yield { kind: kind as Token['kind'], text, at };
    before = text.endsWith('${') ? '(' : text;
    at += text.length;
  }
}

function matchAt(pattern: RegExp, code: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(code);
}

const SWAPPED = new Map(
  Object.entries({
    ...{ '===': '!==', '!==': '===', '==': '!=', '!=': '==' },
    ...{ '<': '<=', '<=': '<', '>': '>=', '>=': '>' },
    ...{ '&&': '||', '||': '&&', '??': '&&' },
    ...{ '+': '-', '-': '+', '*': '/', '/': '*', '%': '*', '&': '|', '|': '&', '<<': '>>', '>>': '<<', '>>>': '<<' },
    ...{ '++': '--', '--': '++', '+=': '-=', '-=': '+=' },
    ...{ true: 'false', false: 'true' },
  }),
);

interface Edit {
  at: number;
  end: number;
  becomes: string;
}

/** Another operator or value in place of one token. */
function* tokenEdits({ kind, text, at }: Token, before: Token | undefined): Generator<Edit> {
  const end = at + text.length;
  const hasLeft = before !== undefined && !BEFORE_VALUE.test(before.text);
  if ((kind === 'word' && before?.text === '.') || before?.text === 'void') return;
  if (text === '!') yield { at, end, becomes: '' };
  else if (kind === 'number') yield { at, end, becomes: text.endsWith('n') ? `(${text} + 1n)` : `(${text} + 1)` };
  else if (kind === 'text' && text.length > 2 && before?.text !== 'import' && before?.text !== 'from') yield { at, end, becomes: '""' };
  else if (SWAPPED.has(text) && (kind === 'word' || hasLeft || !/^[-+]$/.test(text))) yield { at, end, becomes: SWAPPED.get(text)! };
}

/** The place after the bracket that closes the one at `index`. */
function closing(tokens: Token[], index: number): number {
  let depth = 0;
  for (let i = index; i < tokens.length; i++) {
    if (/^[([{]$/.test(tokens[i]!.text)) depth++;
    if (/^[)\]}]$/.test(tokens[i]!.text) && --depth === 0) return i;
  }
  return tokens.length - 1;
}

/** Conditions that always or never hold. */
function* conditionEdits(tokens: Token[], index: number): Generator<Edit> {
  if (!/^(?:if|while)$/.test(tokens[index]!.text) || tokens[index + 1]?.text !== '(') return;
  const [open, close] = [tokens[index + 1]!, tokens[closing(tokens, index + 1)]!];
  for (const becomes of tokens[index]!.text === 'if' ? ['true', 'false'] : ['false']) yield { at: open.at + 1, end: close.at, becomes };
}

/** Lines of one statement that does something: left out; what gives a value back gives none. */
function* lineEdits(code: string): Generator<Edit> {
  for (const { index, 0: line } of code.matchAll(/^ +(?:throw |yield |await |return |this\.|[\w$.]+(?:\(| [-+|&]?= ))[^\n]*;$/gm)) {
    const at = index + line.search(/\S/);
    const end = index + line.length;
    const isReturn = /^ *return /.test(line);
    if (balanced(line)) yield { at, end, becomes: isReturn ? 'return undefined;' : ';' };
  }
}

const balanced = (line: string) => (line.match(/[([{]/g)?.length ?? 0) === (line.match(/[)\]}]/g)?.length ?? 0);

/** Every fault that can be put into a file, in the order of their places. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const { code, map } = transformSync(source, { loader: 'ts', format: 'esm', target: 'node20', sourcemap: 'external', sourcefile: file });
  const places = new SourceMap(JSON.parse(map) as SourceMapPayload);
  const tokens = [...tokensOf(code)];
  const edits = [...tokens.flatMap((token, i) => [...tokenEdits(token, tokens[i - 1]), ...conditionEdits(tokens, i)]), ...lineEdits(code)];
  return edits
    .filter(({ at, end, becomes }) => code.slice(at, end) !== becomes)
    .map(({ at, end, becomes }) => {
      const before = code.slice(0, at).split('\n');
      const entry = places.findEntry(before.length - 1, before.at(-1)!.length);
      const [line, column] = 'originalLine' in entry ? [entry.originalLine + 1, entry.originalColumn + 1] : [0, 0];
      return { file, line, column, was: code.slice(at, end), becomes, text: code.slice(0, at) + becomes + code.slice(end) };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}
