// Titles of findings: a template over the record's fields.
import { MAX_TEXT } from './hit.ts';
import { textAt } from './record.ts';

/** Longest text a field adds to a title, in characters: callers write these fields. */
const MAX_VALUE = 100;

/** Gives the title for a record and its caller. */
export type Title = (record: unknown, who: string | undefined) => string;

/** `{userIdentity.userName}` is the field's value, `{who}` the caller; what isn't there is `unknown`. */
export function compileTitle(template: string): Title {
  // Texts and paths by turns, a text first.
  const parts = partsOf(template);
  if (parts.length === 1) return () => shortened(template, MAX_TEXT);
  const fieldText = (path: string, record: unknown, who: string | undefined): string =>
    shortened((path === 'who' ? who : textAt(record, path)) ?? 'unknown', MAX_VALUE);
  return (record, who) => shortened(parts.map((part, at) => (at % 2 === 0 ? part : fieldText(part, record, who))).join(''), MAX_TEXT);
}

const partsOf = (template: string): string[] => template.split(/\{([\w.:/-]+)\}/);

/** The fields of the record that a title names. */
export const fieldsOfTitle = (template: string): string[] => partsOf(template).filter((part, at) => at % 2 === 1 && part !== 'who');

/** A text of at most so many UTF-16 units, no character cut in two. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
