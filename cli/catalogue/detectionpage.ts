// The page of one detection.
import { Document, isScalar, visit } from 'yaml';
import { type Detection, recordsOfTest, whatOf, whoOf } from '../../events/detect/index.ts';
import { SEVERITIES } from '../../events/finding.ts';
import { bullets, codeBlock, codeOf, linkList, linkOf, markdownTable, numbered, proseOf, wrappedText } from './markdown.ts';
import { conditionWordsOf, parsedPatterns, patternWords, windowWords } from './plainwords.ts';

/** Stands in every file that is made, so that no other is overwritten. */
export const MADE_BY = 'made by trailbus rules docs';

export type RecordsOfFile = (name: string, source: string) => object[];

export function detectionPage(detection: Detection, readRecords: RecordsOfFile): string {
  const { id, title, description, falsePositives, runbook, references } = detection;
  return `${[
    `<!-- ${MADE_BY} -->`,
    `# ${codeOf(id)}`,
    wrappedText(`**${proseOf(title)}**`),
    factsTable(detection),
    ...(description === '' ? [] : [wrappedText(proseOf(description))]),
    '## What it looks for',
    ...asks(detection),
    ...raises(detection),
    ...exclusionsPart(detection),
    ...section('## What else looks like this', falsePositives, (items) => bullets(items.map(proseOf))),
    ...section('## What to do', runbook, (items) => numbered(items.map(proseOf))),
    ...testsPart(detection, readRecords),
    ...section('## References', references, (items) => linkList(items.map(linkOf))),
  ].join('\n\n')}\n`;
}

const section = (head: string, items: readonly string[], body: (items: readonly string[]) => string): string[] =>
  items.length === 0 ? [] : [head, body(items)];

/** `medium to high`: its own, and what it may be raised to. */
export function severityWords({ severity, raise }: Detection): string {
  const all = new Set([severity, ...raise.map(({ to }) => to)]);
  return SEVERITIES.filter((each) => all.has(each))
    .reverse()
    .join(' to ');
}

const factsTable = (detection: Detection): string => {
  const { off, dryRun, tags } = detection;
  return markdownTable(
    ['severity', 'on', 'tags'],
    [
      [
        severityWords(detection),
        off === undefined ? (dryRun ? 'on trial: counted, not told' : 'yes') : `no: ${proseOf(off)}`,
        tags.map(codeOf).join(' '),
      ],
    ],
  );
};

/** Patterns, conditions and window, in words and as they are written. */
function asks({ patterns, steps, success, where, window }: Detection): string[] {
  const all = parsedPatterns(patterns);
  const also = [...(success ? ['the call went well: there is no `errorCode` and no `errorMessage`'] : []), ...where.map(conditionWordsOf)];
  const sequence = steps.flatMap(({ patterns: of, where: conditions, atLeast }) => {
    const words = [...parsedPatterns(of).map((pattern) => patternWords(pattern).join(' and ')), ...conditions.map(conditionWordsOf)];
    return [`${atLeast > 1 ? `${atLeast} times: ` : ''}${words.join('; or ')}`];
  });
  return [
    ...(all.length === 0
      ? []
      : [all.length === 1 ? 'Events of which all of this holds:' : 'Events of which one of these holds:', bullets(eventItems(all))]),
    ...(also.length === 0 ? [] : [all.length === 0 ? 'Events of which all of this holds:' : 'and also:', bullets(also)]),
    ...(window === undefined ? [] : [wrappedText(`A finding is ${windowWords(window)}.`)]),
    ...(sequence.length === 0 ? [] : [numbered(sequence)]),
    written(
      all,
      steps.map(({ patterns: of }) => parsedPatterns(of)),
    ),
  ];
}

/** One pattern is a list of what it asks, several are an item each. */
const eventItems = (patterns: readonly object[]): string[] =>
  patterns.length === 1 ? patternWords(patterns[0]!) : patterns.map((pattern) => patternWords(pattern).join(' and '));

const one = (patterns: readonly object[]): unknown => (patterns.length === 1 ? patterns[0] : patterns);

function written(patterns: readonly object[], steps: readonly (readonly object[])[]): string {
  const shown = steps.length > 0 ? { sequence: steps.map((step) => ({ pattern: one(step) })) } : { pattern: one(patterns) };
  const document = new Document(shown);
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every((item) => isScalar(item));
    },
  });
  return codeBlock('yaml', document.toString({ lineWidth: 110, flowCollectionPadding: false }));
}

function raises({ raise }: Detection): string[] {
  const rows = raise.map(({ to, patterns, where, window }) => {
    const words = [
      ...(patterns.length === 0
        ? []
        : [
            parsedPatterns(patterns)
              .map((pattern) => patternWords(pattern).join(' and '))
              .join('; or '),
          ]),
      ...where.map(conditionWordsOf),
      ...(window === undefined ? [] : [windowWords(window)]),
    ];
    return [to, words.join('; and ')];
  });
  return rows.length === 0 ? [] : ['## When it is severer', markdownTable(['severity', 'when'], rows)];
}

function exclusionsPart({ exclusions }: Detection): string[] {
  const last = exclusions.some(({ until }) => until !== undefined);
  const rows = exclusions.map(({ patterns, reason, owner, until = '' }) => [
    parsedPatterns(patterns)
      .map((pattern) => patternWords(pattern).join(' and '))
      .join('; or '),
    proseOf(reason),
    proseOf(owner),
    ...(last ? [until] : []),
  ]);
  return rows.length === 0
    ? []
    : ['## What it leaves out', markdownTable(['events of which', 'because', 'says', ...(last ? ['until'] : [])], rows)];
}

function testsPart({ tests, source }: Detection, readRecords: RecordsOfFile): string[] {
  const rows = (['matches', 'ignores'] as const).flatMap((kind) => {
    const counts = tallied(tests[kind].map((example) => eventsText(recordsOfTest(example, source, readRecords))));
    return [...counts].map(([text, count]) => [kind, text, String(count)]);
  });
  return rows.length === 0 ? [] : ['## What its tests show it', markdownTable(['it', 'events', 'tests'], rows)];
}

function tallied(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** `iam:CreateUser by eve (AccessDenied)`, the same ones counted. */
const eventsText = (records: readonly object[]): string =>
  [...tallied(records.map(eventWords))].map(([text, count]) => (count === 1 ? text : `${count} times ${text}`)).join(', ');

function eventWords(record: object): string {
  const { errorCode } = record as { errorCode?: unknown };
  const error = typeof errorCode === 'string' ? ` (${codeOf(errorCode)})` : '';
  return `${codeOf(whatOf(record))} by ${proseOf(whoOf(record) ?? 'unknown')}${error}`;
}
