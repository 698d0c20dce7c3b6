// Words in a detection file that the schema takes for text: fields, what is counted by, address blocks, the fields of a title.
import { IDENTITY_FIELDS, RECORD_FIELDS } from '../cloudtrail.ts';
import { nearest } from '../pattern/index.ts';
import { type FileFault, placeOfPath, valueAtPath, type YamlDocument } from '../yamlfile.ts';
import { COMPUTED_NAMES } from './countedby.ts';
import { listNameOf } from './lists.ts';
import { unknownListWords } from './patternsinfile.ts';
import { isFields } from './record.ts';
import { rangeOf } from './where.ts';

type Path = (string | number)[];
/** Parts of a detection with words of its language. */
const OF_DETECTIONS: readonly Path[] = [['where'], ['window'], ['raise']];
type Words = Pick<FileFault, 'message' | 'help'>;

/**
 * What is wrong with the words of a document.
 * @param lists  names that a `$` may stand before
 * @param under  where they stand
 */
export function wordFaults(each: YamlDocument, lists: readonly string[], under: readonly Path[] = OF_DETECTIONS): FileFault[] {
  return textsIn(each.value, under).flatMap(([text, path]) => {
    const words = faultOf(text, path, lists);
    return words === undefined ? [] : [{ ...placeOfPath(each, path), ...words }];
  });
}

/** Keys whose values are looked at, and what may stand there. */
function faultOf(text: string, path: Path, lists: readonly string[]): Words | undefined {
  const key = [...path].reverse().find((step) => typeof step === 'string');
  if (key === 'cidrs') return blockFault(text, lists);
  if (key === 'by' || key === 'distinct' || key === 'firstSeen') return fieldFault(text, COMPUTED_NAMES);
  return key === 'where' || path.includes('where') ? fieldFault(text, []) : undefined;
}

function blockFault(text: string, lists: readonly string[]): Words | undefined {
  const name = listNameOf(text);
  if (name !== undefined) return lists.includes(name) ? undefined : unknownListWords(name, lists);
  if (rangeOf(text) !== undefined) return undefined;
  return { message: `is no address block: \`${text}\``, help: 'write 10.0.0.0/8, 2001:db8::/32, one address, or a list such as $cidrs' };
}

/** A record has the same top-level fields whatever the event; what is inside them differs. */
function fieldFault(text: string, words: readonly string[]): Words | undefined {
  const [first = '', second] = text.split('.');
  const known = [...words, ...RECORD_FIELDS];
  if (second === undefined ? known.includes(first) : RECORD_FIELDS.includes(first)) return identityFault(text, first, second);
  const meant = nearest(first, second === undefined ? known : RECORD_FIELDS);
  if (meant !== undefined)
    return { message: `names no field: \`${text}\``, help: `did you mean \`${[meant, ...text.split('.').slice(1)].join('.')}\`?` };
  const also = words.length === 0 ? '' : `${words.join(', ')} or `;
  return { message: `names no field: \`${text}\``, help: `write ${also}a field of the record such as userIdentity.arn` };
}

function identityFault(text: string, first: string, second: string | undefined): Words | undefined {
  if (first !== 'userIdentity' || second === undefined || IDENTITY_FIELDS.includes(second)) return undefined;
  const meant = nearest(second, IDENTITY_FIELDS);
  return meant === undefined ? undefined : { message: `names no field: \`${text}\``, help: `did you mean \`userIdentity.${meant}\`?` };
}

/** Every text under some paths, patterns aside, with its own. */
const textsIn = (value: unknown, under: readonly Path[]): [string, Path][] =>
  under.flatMap((path) => textsAt(valueAtPath(value, path), path, 0));

function textsAt(value: unknown, path: Path, depth: number): [string, Path][] {
  if (typeof value === 'string') return [[value, path]];
  if (depth > 50) return [];
  if (Array.isArray(value)) return value.flatMap((item, at) => textsAt(item, [...path, at], depth + 1));
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'pattern' ? [] : textsAt(inner, [...path, key], depth + 1)));
}
