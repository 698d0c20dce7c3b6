// A detection file made of one event: its pattern proposed, its tests filled in, and found to pass.
import { Document, isScalar, visit } from 'yaml';
import { type Entry, envelopeOf, eventText } from '../../events/entry.ts';
import { type Proposal, proposePattern } from '../../events/rules/index.ts';
import { documentText } from '../yamltext.ts';

type EventRecord = Record<string, unknown>;

/** An example of a detection that is not to be found, and what it shows. */
interface NearMiss {
  says: string;
  changes: EventRecord;
}

/** The parts of a detection file that is being made. */
export interface DraftDetection {
  id: string;
  title: string;
  pattern: Proposal;
  /** The event went well, and only such are looked for. */
  success: boolean;
  event: EventRecord;
  ignores: NearMiss[];
}

/** What a detection of events like this one would be. @param taken  ids that are there already */
export function draftOf(entry: Entry, taken: readonly string[]): DraftDetection {
  const event = JSON.parse(entry.record.text()) as EventRecord;
  const {
    source,
    'detail-type': type,
    ...proposed
  } = proposePattern(JSON.parse(eventText(envelopeOf(entry), entry.record.text())) as object);
  const detail = (proposed['detail'] ?? {}) as Proposal;
  const success = event['errorCode'] === undefined && event['errorMessage'] === undefined;
  // What names the service in the record says it already.
  const pattern: Proposal =
    'eventSource' in detail ? { detail } : { ...(source && { source }), ...(type && { 'detail-type': type }), detail };
  return { id: idOf(event, taken), title: titleOf(event, success), pattern, success, event, ignores: nearMisses(event, success) };
}

const textIn = (event: EventRecord, name: string): string | undefined => {
  const value = event[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** `iam.create-user`. */
function idOf(event: EventRecord, taken: readonly string[]): string {
  const words = (text: string) =>
    text
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '');
  const service = words((textIn(event, 'eventSource') ?? 'mine').replace(/\.amazonaws\.com.*$/, '')) || 'mine';
  const id = `${service}.${words(textIn(event, 'eventName') ?? '') || 'event'}`.slice(0, 90);
  return taken.includes(id) ? `${id}-2` : id;
}

/** What the call was about, where a parameter names it. */
function titleOf(event: EventRecord, success: boolean): string {
  const name = (textIn(event, 'eventName') ?? 'something').replace(/[{}]/g, '');
  const parameters = typeof event['requestParameters'] === 'object' ? Object.entries(event['requestParameters'] ?? {}) : [];
  const [about] = parameters.find(([key, value]) => typeof value === 'string' && /^\w*(name|id|arn)$/i.test(key)) ?? [];
  return `{who} ${success ? 'called' : 'was refused'} ${name}${about === undefined ? '' : `: {requestParameters.${about}}`}`;
}

/** The same event once refused, once gone well, once another call: what is nearest to it. */
function nearMisses(event: EventRecord, success: boolean): NearMiss[] {
  const name = textIn(event, 'eventName') ?? 'something';
  return [
    success
      ? { says: 'refused', changes: { errorCode: 'AccessDenied', errorMessage: `not authorized to perform ${name}` } }
      : { says: 'gone well', changes: { errorCode: null, errorMessage: null } },
    { says: 'another call', changes: { eventName: /^(Get|List|Describe)/.test(name) ? `Update${name}` : `Get${name}` } },
  ];
}

/** @param schema  where the file finds its schema */
export function draftText({ id, title, pattern, success, event, ignores }: DraftDetection, schema: string): string {
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    yamlOf({ id, title }),
    yamlOf({ description: `${title.replace('{who}', 'Somebody').replace(/: \{.*$/, '')}.` }),
    '# Say what it notices, and why that matters.',
    'severity: medium # critical, high, medium, low or info',
    'tags: [] # of ATT&CK and CIS: attack.persistence, attack.t1136.003, cis.1.16',
    'falsePositives: [] # what else looks like this',
    'runbook: [] # what to do next',
    ...(success ? ['success: true'] : []),
    yamlOf({ pattern }),
    'tests:\n  matches:\n    - &event',
    indented(yamlOf(event), 6),
    ...(ignores.length === 0 ? [] : ['  ignores:']),
    ...ignores.map(({ says, changes }) => `    - # ${says}\n      <<: *event\n${indented(yamlOf(changes), 6)}`),
  ];
  return `${lines.join('\n')}\n`;
}

const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** YAML that older readers read alike, and whose texts hold nothing that a terminal would obey. */
function yamlOf(value: object): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every((item) => isScalar(item));
    },
  });
  return documentText(document, { lineWidth: 0, flowCollectionPadding: false, singleQuote: false }).trimEnd();
}
