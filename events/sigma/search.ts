// One search of a Sigma rule, `selection: {…}`, as an expression: fields, their modifiers, their values.
import { LIST_NAMES } from '../detect/index.ts';
import { blockOf, ipAddressOf } from '../pattern/index.ts';
import type { Expression, FieldAsked } from './expression.ts';
import { fieldKind } from './fieldkinds.ts';
import { ANY_VALUE, type FieldSet, fieldSetOf, NULL_OR_ABSENT, valuesLike } from './fieldset.ts';
import { ANY_TEXT, type Glob, globOf, tidied } from './glob.ts';
import { mayMatchNumbers } from './leaf.ts';
import type { SigmaNote } from './notes.ts';
import { numbersThat } from './numberset.ts';
import { globsOfRegex, RegexTooRich } from './regex.ts';
import { textTest } from './textset.ts';

type PlainValue = string | number | boolean | null;

const unsayable = (why: string): Expression => ({ kind: 'unsayable', why });
const isPlainValue = (value: unknown): value is PlainValue => value === null || typeof value !== 'object';
const KEYWORDS = 'keywords look through the whole event, a pattern looks at fields';

/**
 * The expression of a search.
 * @see https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md (Lists, Maps)
 */
export function searchOf(search: unknown): Expression {
  if (isPlainValue(search)) return unsayable(KEYWORDS);
  if (Array.isArray(search)) return search.length === 0 ? unsayable('an empty list') : joinedExpression('or', search.map(searchOf));
  const entries = Object.entries(search as object);
  return entries.length === 0
    ? unsayable('a search without fields')
    : joinedExpression(
        'and',
        entries.map(([key, value]) => fieldSearchOf(key, value)),
      );
}

const joinedExpression = (kind: 'and' | 'or', of: Expression[]): Expression => (of.length === 1 ? of[0]! : { kind, of });

/** `eventName|startswith: [Get, List]` */
function fieldSearchOf(key: string, value: unknown): Expression {
  const [field = '', ...modifiers] = key.split('|');
  if (field === '') return unsayable(KEYWORDS);
  const values = [value].flat();
  if (values.length === 0) return unsayable(`\`${field}\` has an empty list`);
  if (!values.every(isPlainValue)) return unsayable(`\`${field}\` has a map or a list where a value is expected`);
  const [isAll, isOther] = [modifiers.includes('all'), modifiers.includes('neq')];
  const asks = values.map((each) =>
    valueSearchOf(
      field,
      modifiers.filter((modifier) => modifier !== 'all' && modifier !== 'neq'),
      each,
    ),
  );
  const search = joinedExpression(isAll ? 'and' : 'or', asks);
  return isOther ? { kind: 'not', of: search } : search;
}

type SetMaker = (value: PlainValue, modifiers: readonly string[], field: string) => FieldSet | Expression;

/** What decides how a value is compared; others only change the text before. */
const SET_MAKERS: Record<string, SetMaker | undefined> = {
  __proto__: null as never,
  exists: (value, _, field) => existsSet(value, field),
  cidr: (value, _, field) => blockSet(value, field),
  re: (value, modifiers, field) => regexSet(value, modifiers, field),
  expand: (value, _, field) => listSet(value, field),
  fieldref: (value, modifiers, field) => fieldCompared(value, modifiers, field),
  gt: (value, _, field) => numberSet('>', value, field),
  gte: (value, _, field) => numberSet('>=', value, field),
  lt: (value, _, field) => numberSet('<', value, field),
  lte: (value, _, field) => numberSet('<=', value, field),
};

const TEXT_MODIFIERS = ['contains', 'startswith', 'endswith', 'cased'];
const REFUSED: Record<string, string | undefined> = {
  __proto__: null as never,
  ...Object.fromEntries(
    ['windash', 'base64', 'base64offset', 'utf16le', 'utf16be', 'utf16', 'wide'].map((name) => [
      name,
      'is for command lines and their encodings, which CloudTrail has none of',
    ]),
  ),
  ...Object.fromEntries(
    ['minute', 'hour', 'day', 'week', 'month', 'year'].map((name) => [name, 'takes a part out of a time, which no pattern does']),
  ),
};

function valueSearchOf(field: string, modifiers: readonly string[], value: PlainValue): Expression {
  const maker = modifiers.map((modifier) => SET_MAKERS[modifier]).find((each) => each !== undefined);
  const strange = modifiers.find(
    (each) => SET_MAKERS[each] === undefined && !TEXT_MODIFIERS.includes(each) && !(modifiers.includes('re') && 'ims'.includes(each)),
  );
  if (strange !== undefined) return unsayable(`\`${field}|${strange}\` ${REFUSED[strange] ?? 'is no modifier that is known'}`);
  if (fieldKind(field) === 'object' && !modifiers.includes('fieldref'))
    return unsayable(`\`${field}\` is an object: no pattern looks for a text anywhere in it`);
  const made = maker === undefined ? plainSet(value, modifiers) : maker(value, modifiers, field);
  return 'kind' in made ? made : asked(field, made, notesOf(field, modifiers, value));
}

const asked = (field: string, set: FieldSet, notes: SigmaNote[]): FieldAsked => ({ kind: 'field', field, set, notes });

/** Only where a field may be anything: the texts of a record are never objects, lists or numbers. */
function notesOf(field: string, modifiers: readonly string[], value: PlainValue): SigmaNote[] {
  if (fieldKind(field) !== 'any') return [];
  if (modifiers.includes('exists')) {
    const isWanted = value === true || String(value).toLowerCase() === 'true';
    return [{ finds: isWanted ? 'less' : 'more', words: `\`${field}\` counts as absent where it is an object or an empty list` }];
  }
  if (value === null) return [{ finds: 'more', words: `\`${field}\` counts as absent where it is an object or an empty list` }];
  const isText = !modifiers.some((modifier) => SET_MAKERS[modifier] !== undefined);
  if (isText && mayMatchNumbers(globWith(value, modifiers)))
    return [{ finds: 'less', words: `\`${field}\`: of numbers no part is looked at` }];
  return [];
}

function plainSet(value: PlainValue, modifiers: readonly string[]): FieldSet | Expression {
  if (value === null) return modifiers.some((each) => each !== 'cased') ? unsayable('`null` with a modifier') : NULL_OR_ABSENT;
  return valuesLike(globWith(value, modifiers), modifiers.includes('cased'));
}

function globWith(value: PlainValue, modifiers: readonly string[]): Glob {
  const glob = globOf(String(value));
  const [inside, starts, ends] = ['contains', 'startswith', 'endswith'].map((each) => modifiers.includes(each));
  return tidied([...(inside || ends ? [ANY_TEXT] : []), ...glob, ...(inside || starts ? [ANY_TEXT] : [])]);
}

function existsSet(value: PlainValue, field: string): FieldSet | Expression {
  const word = String(value).toLowerCase();
  if (word !== 'true' && word !== 'false') return unsayable(`\`${field}|exists\` must be true or false`);
  return word === 'true' ? ANY_VALUE : fieldSetOf({ absent: true });
}

function numberSet(operator: '<' | '<=' | '>' | '>=', value: PlainValue, field: string): FieldSet | Expression {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    return unsayable(`\`${field}\` is compared with \`${String(value)}\`, which is no number`);
  return fieldSetOf({ numbers: numbersThat(operator, number) });
}

function blockSet(value: PlainValue, field: string): FieldSet | Expression {
  const block = String(value);
  const address = ipAddressOf(block.replace(/\/32$/, ''));
  if (address?.length === 8 && (!block.includes('/') || block.endsWith('/32')))
    return fieldSetOf({ texts: { isBut: false, tests: [textTest([block.replace(/\/.*/, '')], true)] } });
  try {
    blockOf(block);
    return fieldSetOf({ special: [{ cidr: block }] });
  } catch {
    return unsayable(`\`${field}|cidr\` has \`${block}\`, which is no block of addresses`);
  }
}

/** `%accounts%` is the list `$accounts` of the deployment. */
function listSet(value: PlainValue, field: string): Expression {
  const name = /^%(\w+)%$/.exec(String(value))?.[1];
  const known = LIST_NAMES.find((each) => each === name);
  if (known === undefined) return unsayable(`\`${field}|expand\`: there is no list for \`${String(value)}\``);
  const notes: SigmaNote[] = [
    { finds: 'less', words: `\`${field}\`: the values of the list \`$${known}\` are compared as they are written` },
  ];
  return asked(field, fieldSetOf({ special: [{ wildcard: `$${known}` }] }), notes);
}

function fieldCompared(value: PlainValue, modifiers: readonly string[], field: string): Expression {
  if (modifiers.some((modifier) => modifier !== 'fieldref' && modifier !== 'cased'))
    return unsayable(`\`${field}\`: two fields can only be compared as a whole`);
  return { kind: 'same', fields: [field, String(value)] };
}

function regexSet(value: PlainValue, modifiers: readonly string[], field: string): FieldSet | Expression {
  if (modifiers.includes('m')) return unsayable(`\`${field}|re|m\` looks at lines`);
  try {
    const { globs, hasDots } = globsOfRegex(String(value));
    const isCased = !modifiers.includes('i');
    const sets = globs.map((glob) => valuesLike(glob, isCased));
    const notes: SigmaNote[] = [];
    if (hasDots && !modifiers.includes('s'))
      notes.push({ finds: 'more', words: `\`${field}\`: a \`.\` of the regular expression may be a line break too` });
    if (fieldKind(field) === 'any' && globs.some(mayMatchNumbers))
      notes.push({ finds: 'less', words: `\`${field}\`: of numbers no part is looked at` });
    return joinedExpression(
      'or',
      sets.map((set) => asked(field, set, notes)),
    );
  } catch (error) {
    if (!(error instanceof RegexTooRich)) throw error;
    return unsayable(`\`${field}|re\`: the regular expression ${error.message}`);
  }
}
