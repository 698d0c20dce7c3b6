// Detections to Sigma rules: a rule for each, a correlation rule with its parts for each window.
import { Document, isSeq, visit } from 'yaml';
import { type Condition, type Detection, listNameOf, type WindowFields } from '../detect/index.ts';
import type { Severity } from '../finding.ts';
import { detectionOfAsk, joinedAsk, keyAsk, notAsk, type SigmaAsk } from './ask.ts';
import { uuidFor } from './ids.ts';
import { noteLines, type SigmaNote, Unsayable } from './notes.ts';
import { blocksOfListWords, patternsAsk } from './patternask.ts';

/** What became of one detection. */
export interface ExportedDetection {
  id: string;
  outcome: 'exact' | 'relaxed' | 'refused';
  /** How the rule differs, or why there is none. */
  notes: string[];
  /** Of the rule's file; undefined for one that was refused. */
  text?: string;
}

/** Makes a Sigma rule of each detection that can be said. */
export const exportSigma = (detections: readonly Detection[]): ExportedDetection[] => detections.map(exported);

function exported(detection: Detection): ExportedDetection {
  const { id } = detection;
  try {
    const notes: SigmaNote[] = [];
    const text = documentsOf(detection, notes).map(yamlOf).join('---\n');
    const lines = noteLines(notes);
    return { id, outcome: lines.length === 0 ? 'exact' : 'relaxed', notes: lines, text };
  } catch (error) {
    if (!(error instanceof Unsayable)) throw error;
    return { id, outcome: 'refused', notes: [error.message] };
  }
}

/** As a reader of YAML 1.1 takes it, where `No` without quotes is false. */
function yamlOf(content: object): string {
  const document = new Document(content, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_, node) => {
      node.flow =
        JSON.stringify(node.toJSON()).length < 60 &&
        node.items.every((item) => !isSeq(item)) &&
        !JSON.stringify(node.toJSON()).includes('{');
    },
  });
  return document.toString({ lineWidth: 120 });
}

function documentsOf(detection: Detection, notes: SigmaNote[]): object[] {
  const { window, patterns, where, raise } = detection;
  if (raise.length > 0)
    notes.push({ finds: 'same', words: `always ${detection.severity}: a Sigma rule has one level, what raises it is left out` });
  for (const { until } of detection.exclusions)
    if (until !== undefined) notes.push({ finds: 'less', words: `an exclusion holds on after ${until}` });
  if (window === undefined)
    return [{ ...headOf(detection), ...LOG_SOURCE, detection: detectionFor(detection, patterns, where), ...tailOf(detection) }];
  return new WindowDocuments(detection, notes).all(window);
}

const LOG_SOURCE = { logsource: { product: 'aws', service: 'cloudtrail' } };

function detectionFor({ success, exclusions }: Detection, patterns: Detection['patterns'], where: readonly Condition[]): object {
  return detectionOfAsk(
    joinedAsk('and', [
      patternsAsk(patterns.map(({ text }) => text)),
      ...(success ? [keyAsk('errorCode', null), keyAsk('errorMessage', null)] : []),
      ...where.map(conditionAsk),
      ...exclusions.map((exclusion) => notAsk(patternsAsk(exclusion.patterns.map(({ text }) => text)))),
    ]),
  );
}

/** A condition of `where`. @throws Unsayable */
function conditionAsk(condition: Condition): SigmaAsk {
  if ('same' in condition) return keyAsk(`${condition.same[0]}|fieldref`, condition.same[1]);
  if ('differ' in condition) {
    const [field, other] = condition.differ;
    return joinedAsk('and', [keyAsk(`${field}|exists`, true), notAsk(keyAsk(`${field}|fieldref`, other))]);
  }
  if ('inCidr' in condition) return blocksAsk(condition.inCidr);
  if ('notInCidr' in condition)
    return joinedAsk('and', [keyAsk(`${condition.notInCidr.field}|cidr`, '0.0.0.0/0', '::/0'), notAsk(blocksAsk(condition.notInCidr))]);
  if ('any' in condition) return joinedAsk('or', condition.any.map(conditionAsk));
  if ('none' in condition)
    return joinedAsk(
      'and',
      condition.none.map((each) => notAsk(conditionAsk(each))),
    );
  throw new Unsayable(`\`${Object.keys(condition)[0]}\` reads a policy, which Sigma doesn’t`);
}

function blocksAsk({ field, cidrs }: { field: string; cidrs: readonly string[] }): SigmaAsk {
  const list = cidrs.find((cidr) => listNameOf(cidr) !== undefined);
  if (list !== undefined) throw new Unsayable(blocksOfListWords(list));
  return keyAsk(`${field}|cidr`, ...cidrs);
}

const LEVEL_OF: Record<Severity, string> = { critical: 'critical', high: 'high', medium: 'medium', low: 'low', info: 'informational' };

/** A title of Sigma names no fields: `{requestParameters.userName}` becomes `(userName)`. */
const plainTitleOf = (title: string): string =>
  title
    .replace(/^\{who\}/, 'Somebody')
    .replaceAll('{who}', 'somebody')
    .replace(/\{(?:[\w:/-]+\.)*([\w:/-]+)\}/g, '($1)')
    .slice(0, 256);

const headOf = ({ id, title, description, off, references, tags }: Detection) => ({
  ...{ title: plainTitleOf(title), id: uuidFor(id), status: off === undefined ? 'test' : 'experimental' },
  description: [description, off === undefined ? '' : `Off by default: ${off}`, `Made of the detection ${id} of Trailbus.`]
    .filter((part) => part !== '')
    .join('\n\n'),
  ...(references.length === 0 ? {} : { references }),
  ...{ author: 'Trailbus', license: 'Apache-2.0' },
  ...(tags.length === 0 ? {} : { tags: tags.map((tag) => tag.toLowerCase()) }),
});

const tailOf = ({ falsePositives, severity }: Detection) => ({
  ...(falsePositives.length === 0 ? {} : { falsepositives: falsePositives }),
  level: LEVEL_OF[severity],
});

/** Fields that stand for what windows count by. */
const COUNTED_BY: Record<string, string | undefined> = {
  __proto__: null as never,
  principal: 'userIdentity.arn',
  account: 'recipientAccountId',
  region: 'awsRegion',
  address: 'sourceIPAddress',
};

class WindowDocuments {
  private readonly detection: Detection;
  private readonly notes: SigmaNote[];
  private readonly parts: object[] = [];

  constructor(detection: Detection, notes: SigmaNote[]) {
    this.detection = detection;
    this.notes = notes;
  }

  all(window: WindowFields): object[] {
    if ('firstSeen' in window) throw new Unsayable('Sigma knows no values that were never seen before');
    const { id } = this.detection;
    const span = { 'group-by': [window.by].flat().map((by) => this.fieldBy(by)), timespan: window.within };
    const rules = 'sequence' in window ? this.steps(span) : [this.part('events', id, this.detection)];
    return [
      {
        ...headOf(this.detection),
        correlation: { ...this.typeOf(window), rules, ...span, ...this.countOf(window) },
        ...tailOf(this.detection),
      },
      ...this.parts,
    ];
  }

  private typeOf(window: WindowFields): object {
    return { type: 'sequence' in window ? 'temporal_ordered' : 'distinct' in window ? 'value_count' : 'event_count' };
  }

  private countOf(window: WindowFields): object {
    if ('threshold' in window) return { condition: { gte: window.threshold } };
    return 'distinct' in window ? { condition: { field: this.fieldBy(window.distinct), gte: window.atLeast } } : {};
  }

  private fieldBy(name: string): string {
    if (name === 'principal')
      this.notes.push({ finds: 'less', words: 'callers are told apart by their ARN: a caller without one is not counted' });
    return COUNTED_BY[name] ?? name;
  }

  private steps(span: object): string[] {
    return this.detection.steps.map(({ patterns, where, atLeast }, at) => {
      const name = this.part(`step ${at + 1}`, `${this.detection.id} ${at}`, { patterns, where: [...this.detection.where, ...where] });
      if (atLeast === 1) return name;
      const title = `${plainTitleOf(this.detection.title).slice(0, 200)}: step ${at + 1}, ${atLeast} of them`;
      const many = `${name}_many`;
      this.parts.push({
        title,
        id: uuidFor(many),
        name: many,
        correlation: { type: 'event_count', rules: [name], ...span, condition: { gte: atLeast } },
      });
      return many;
    });
  }

  /** A rule that is only counted. @returns its name */
  private part(what: string, key: string, { patterns, where }: Pick<Detection, 'patterns' | 'where'>): string {
    const name = `trailbus_${key.replace(/[^A-Za-z0-9]+/g, '_')}`;
    const title = `${plainTitleOf(this.detection.title).slice(0, 200)}: ${what}`;
    this.parts.push({
      title,
      id: uuidFor(name),
      name,
      status: 'test',
      ...LOG_SOURCE,
      detection: detectionFor(this.detection, patterns, where),
      level: 'informational',
    });
    return name;
  }
}
