// Titles of findings: a template over the record's fields.
import { whoOf } from './actor.ts';
import { textAt } from './record.ts';

/** Longest text a field adds to a title, and longest title, in characters: callers write these fields. */
const MAX_VALUE = 100;
const MAX_TITLE = 256;

/** `{userIdentity.userName}` is the field's value, `{who}` the caller; what isn't there is `unknown`. */
export function renderTitle(template: string, record: unknown): string {
  const title = template.replace(/\{([\w.:/-]+)\}/g, (_, path: string) =>
    shortened((path === 'who' ? whoOf(record) : textAt(record, path)) ?? 'unknown', MAX_VALUE),
  );
  return shortened(title, MAX_TITLE);
}

const shortened = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
