// A detection made of a Sigma rule, as the text of its file.
import { Document, isSeq, visit, type YAMLSeq } from 'yaml';
import type { Condition } from '../detect/index.ts';
import type { SigmaFields } from './sigmafile.ts';

/** What a detection asks, however it came to be. */
export interface DetectionAsks {
  patterns?: object[];
  where?: Condition[];
  window?: object;
  exclusions?: object[][];
}

const SEVERITY_OF: Record<string, string | undefined> = {
  __proto__: null as never,
  informational: 'info',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

/** Statuses of rules that are not to be used any more, or not yet. */
const OFF_STATUSES = ['deprecated', 'unsupported'];

const MAX_TITLE = 500;
/** `{…}` in a title of ours is a field. */
const plainTitle = (title: string): string => title.replaceAll('{', '(').replaceAll('}', ')').slice(0, MAX_TITLE);

/**
 * The text of a detection file. Who wrote the rule, and under which licence, goes along.
 * @param differences  how it differs from the rule, a line each
 */
export function detectionFileText(id: string, fields: SigmaFields, asks: DetectionAsks, differences: readonly string[]): string {
  const { title = id, status = '', level = '', tags, references, falsepositives } = fields;
  const content = {
    ...{ id, title: plainTitle(title), description: descriptionOf(fields) },
    severity: SEVERITY_OF[level.toLowerCase()] ?? 'medium',
    ...listField('tags', tags),
    ...listField('references', references),
    ...listField('falsePositives', falsepositives),
    ...asked('pattern', asks.patterns),
    ...asked('where', asks.where),
    ...(asks.window === undefined ? {} : { window: asks.window }),
    ...listField(
      'exclusions',
      (asks.exclusions ?? []).map((patterns) => exclusionOf(patterns, fields)),
    ),
    ...(OFF_STATUSES.includes(status) ? { off: `the Sigma rule is ${status}` } : {}),
  };
  const document = new Document(content, { aliasDuplicateObjects: false });
  document.commentBefore = [...headOf(fields), ...differences].map((line) => ` ${onOneLine(line)}`).join('\n');
  visit(document, { Seq: (_, node) => onOneLineIfPlain(node) });
  return document.toString({ lineWidth: 120, flowCollectionPadding: false });
}

const listField = (name: string, values: readonly unknown[]): object => (values.length === 0 ? {} : { [name]: values });
const asked = (name: string, values: readonly unknown[] = []): object =>
  values.length === 0 ? {} : { [name]: values.length === 1 ? values[0] : values };

const exclusionOf = (patterns: object[], { author }: SigmaFields) => ({
  pattern: patterns.length === 1 ? patterns[0] : patterns,
  reason: 'an exception that the Sigma rule makes',
  owner: author.join(', ') || 'the Sigma rule',
});

function headOf({ id, author, license }: SigmaFields): string[] {
  const by = author.length === 0 ? '' : ` by ${author.join(', ')}`;
  return [`Made by trailbus of the Sigma rule ${id ?? 'without id'}${by}${license === undefined ? '' : `, licence ${license}`}.`];
}

/** With the author, whom some licences of rules want named wherever a match is shown. */
function descriptionOf({ title, description, id, author, date, license }: SigmaFields): string {
  const facts = [
    id,
    author.length === 0 ? undefined : `by ${author.join(', ')}`,
    date,
    license === undefined ? undefined : `licence ${license}`,
  ];
  return `${(description ?? title ?? '').trim()}\n\nSigma rule ${facts.filter((fact) => fact !== undefined).join(', ')}`.trim();
}

/** Comments can't escape what a terminal would take for an order. */
const onOneLine = (text: string): string => text.replace(/[\s\p{C}]+/gu, ' ').trim();

/** The lists of values in patterns, and other lists of short plain texts. */
function onOneLineIfPlain(node: YAMLSeq): void {
  const isShort = JSON.stringify(node.toJSON()).length < 100;
  node.flow = isShort && node.items.every((item) => !isSeq(item));
}
