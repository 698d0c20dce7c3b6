// Rule files to rules: bare patterns, detections, CloudFormation, serverless.yml, and what `aws events` prints.
import { type Document, isMap, isScalar, isSeq, type Node, parseAllDocuments, type YAMLMap, type YAMLSeq } from 'yaml';
import { ENVELOPE_FIELDS } from '../cloudtrail.ts';
import { placeAt, type TextPlace } from '../pattern/index.ts';
import { yamlComplaint } from '../yamlfile.ts';
import { fileOffset, NodeError, type PatternText, patternTextOf, RuleError, type Segment, startOf } from './patterntext.ts';
import { type RuleTarget, targetsAt } from './ruletarget.ts';

export { RuleError } from './patterntext.ts';

export type RuleForm = 'pattern' | 'detection' | 'cloudformation' | 'serverless' | 'aws-cli';

/** A rule as a file has it. `name` and `pattern` are what `compile` takes. */
export interface Rule {
  /** A detection's `id`, a resource's logical id, or the file's name. */
  name: string;
  /** The pattern as raw JSON text. */
  pattern: string;
  /** The file it stands in. */
  source: string;
  form: RuleForm;
  title?: string;
  severity?: string;
  /** How many targets a deployed rule has. */
  targets?: number;
  /** Those that its file names; none are named where the rule alone is known. */
  targetList?: RuleTarget[];
  /** Of a rule in a template: the bus that it names. */
  busName?: string;
  /** Whether its template has it switched off. */
  isDisabled?: true;
  /** Keys beside the pattern that decide too, as those of a detection do: a rule can't say them. */
  conditions?: string[];
  /** Where the rule stands in the file. */
  place: TextPlace;
  /** Offsets in `pattern` of values that only a deployment knows, such as `!Ref`. */
  unresolved: number[];
  /** Which part of `pattern` stands where in the file. */
  segments: Segment[];
}

/** Line and column in the rule's file of a character of its pattern. */
export function placeOf({ segments }: Pick<Rule, 'segments'>, file: string, offset: number): TextPlace {
  return placeAt(file, fileOffset(segments, offset).at);
}

/** What a reader of one form needs. */
interface RuleFileReading {
  file: string;
  source: string;
  document: Document;
}

type RuleNode = Omit<Rule, 'source' | 'form' | 'place' | 'pattern' | 'unresolved' | 'segments'> & { node: Node };

/**
 * Reads the rules of a file.
 *
 * A file in JSON that is none of the known forms is a bare pattern and given back as it is, for the engine to judge.
 * @param source  the file's name: for errors, and for the name of a bare pattern
 * @throws RuleError
 */
export function readRules(text: string, source: string): Rule[] {
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent', strict: false });
  const list = Array.isArray(documents) ? documents : [];
  const rules = list.flatMap((document) => rulesOfDocument({ file: text, source, document }));
  if (/^\s*[{[]/.test(text) && (rules.length === 0 || rules.every(({ form }) => form === 'pattern'))) return [barePattern(text, source)];
  const broken = list.flatMap(({ errors }) => errors)[0];
  if (broken !== undefined)
    throw new RuleError(`not YAML: ${yamlComplaint(broken)}`, {
      source,
      ...placeAt(text, broken.pos[0]),
      cause: broken,
    });
  if (rules.length === 0)
    throw new RuleError('no rule in it', {
      source,
      line: 1,
      column: 1,
      help: 'give a pattern, a YAML file with a top-level `pattern`, or a template with AWS::Events::Rule resources',
    });
  return rules;
}

function barePattern(text: string, source: string): Rule {
  return {
    ...{ name: baseName(source), pattern: text, source, form: 'pattern', unresolved: [] },
    place: placeAt(text, Math.max(text.search(/\S/), 0)),
    segments: [{ at: 0, end: text.length, fileAt: 0, exact: true }],
  };
}

const baseName = (source: string) => source.replace(/^.*\//, '').replace(/\.(json|ya?ml|template)$/, '') || source;

/** Each known form, and how to tell and read it. */
const FORMS: [RuleForm, (root: YAMLMap) => boolean, (root: YAMLMap, reading: RuleFileReading) => RuleNode[]][] = [
  ['detection', (root) => has(root, 'pattern') && !has(root, 'functions'), readDetection],
  ['cloudformation', (root) => isMap(root.get('Resources', true)), (root, reading) => readResources(root.get('Resources', true), reading)],
  ['serverless', (root) => has(root, 'functions') || has(root, 'resources'), readServerless],
  ['aws-cli', (root) => has(root, 'EventPattern') || isSeq(root.get('Rules', true)), readAwsCli],
  [
    'pattern',
    (root) => [...ENVELOPE_FIELDS, '$or'].some((key) => has(root, key)),
    (root, { source }) => [{ name: baseName(source), node: root }],
  ],
];

const has = (map: YAMLMap, key: string) => map.has(key);

function rulesOfDocument(reading: RuleFileReading): Rule[] {
  const root = reading.document.contents;
  if (!isMap(root)) return [];
  const form = FORMS.find(([, fits]) => fits(root as YAMLMap));
  if (form === undefined) return [];
  return form[2](root as YAMLMap, reading).map((found) => ruleOf(found, form[0], reading));
}

function ruleOf({ node, ...rest }: RuleNode, form: RuleForm, { file, source, document }: RuleFileReading): Rule {
  const place = placeAt(file, startOf(node));
  try {
    const { text: pattern, segments, unresolved }: PatternText = patternTextOf(node, document, file);
    return { ...rest, pattern, segments, unresolved, source, form, place };
  } catch (error) {
    throw error instanceof NodeError ? ruleErrorAt(error, { source, file }, rest.name) : error;
  }
}

const ruleErrorAt = (error: NodeError, { source, file }: Pick<RuleFileReading, 'source' | 'file'>, path: string): RuleError =>
  new RuleError(error.message, { source, ...placeAt(file, error.at), path, ...givenLabel('help', error.help), cause: error });

const nodeBelow = (map: unknown, ...path: string[]): Node | undefined =>
  isMap(map) ? (map.getIn(path, true) as Node | undefined) : undefined;

function textBelow(map: unknown, ...path: string[]): string | undefined {
  const node = nodeBelow(map, ...path);
  return isScalar(node) && node.value !== null ? String(node.value) : undefined;
}

const givenLabel = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;

/** What narrows a detection beyond its pattern. */
const CONDITIONS = ['where', 'window', 'success', 'exclusions'];

function readDetection(root: YAMLMap, reading: RuleFileReading): RuleNode[] {
  const { source } = reading;
  const node = nodeBelow(root, 'pattern');
  if (node === undefined) return [];
  const labels = { ...givenLabel('title', textBelow(root, 'title')), ...givenLabel('severity', textBelow(root, 'severity')) };
  const conditions = CONDITIONS.filter((key) => has(root, key));
  return [
    {
      ...{ name: textBelow(root, 'id') ?? baseName(source), ...labels, node, ...targetsOf(nodeBelow(root, 'targets'), reading) },
      ...givenLabel('conditions', conditions.length === 0 ? undefined : conditions),
    },
  ];
}

/** Pairs of a map with their keys as text. */
const entriesOf = (map: unknown): [string, Node][] =>
  isMap(map)
    ? map.items.flatMap(({ key, value }) => (isScalar(key) && value ? [[String(key.value), value as Node] as [string, Node]] : []))
    : [];

function readResources(resources: unknown, reading: RuleFileReading): RuleNode[] {
  return entriesOf(resources).flatMap(([name, resource]) => {
    const type = textBelow(resource, 'Type');
    if (type === 'AWS::Serverless::Function') return readSamEvents(name, nodeBelow(resource, 'Properties', 'Events'));
    const node = type === 'AWS::Events::Rule' ? nodeBelow(resource, 'Properties', 'EventPattern') : undefined;
    const title = textBelow(resource, 'Properties', 'Description');
    return node === undefined
      ? []
      : [{ name, node, ...givenLabel('title', title), ...deploymentOf(nodeBelow(resource, 'Properties'), reading) }];
  });
}

function targetsOf(node: Node | undefined, { document, file, source }: RuleFileReading) {
  try {
    const targetList = targetsAt(node, { document, file, source });
    return targetList === undefined ? {} : { targets: targetList.length, targetList };
  } catch (error) {
    throw error instanceof NodeError ? ruleErrorAt(error, { source, file }, 'targets') : error;
  }
}

/**
 * The targets of each document of a file of detections, whatever else they are; none of a file that is no YAML.
 * @throws RuleError when they can't be read as values
 */
export function targetsInFile(file: string, source: string): RuleTarget[][] {
  const documents = parseAllDocuments(file, { uniqueKeys: false, logLevel: 'silent', strict: false });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return [];
  return documents.flatMap((document) => {
    const { targetList = [] } = targetsOf(nodeBelow(document.contents, 'targets'), { file, source, document });
    return targetList.length === 0 ? [] : [targetList];
  });
}

/** What a template, or awscli, says of a rule beside its pattern. */
const deploymentOf = (properties: Node | undefined, reading: RuleFileReading) => ({
  ...targetsOf(nodeBelow(properties, 'Targets'), reading),
  ...givenLabel(
    'busName',
    isMap(properties) && has(properties, 'EventBusName') ? (textBelow(properties, 'EventBusName') ?? '') : undefined,
  ),
  ...(textBelow(properties, 'State') === 'DISABLED' && { isDisabled: true as const }),
});

/** `EventBridgeRule` and `CloudWatchEvent` of AWS SAM. */
function readSamEvents(functionName: string, events: Node | undefined): RuleNode[] {
  return entriesOf(events).flatMap(([name, event]) => {
    const node = ['EventBridgeRule', 'CloudWatchEvent'].includes(textBelow(event, 'Type') ?? '')
      ? nodeBelow(event, 'Properties', 'Pattern')
      : undefined;
    return node === undefined ? [] : [{ name: `${functionName}${name}`, node }];
  });
}

/** A map, or a list of maps as serverless.yml also has it. */
const mapsOf = (node: unknown): unknown[] => (isSeq(node) ? (node as YAMLSeq).items : [node]);

function readServerless(root: YAMLMap, reading: RuleFileReading): RuleNode[] {
  const resources = mapsOf(root.get('resources', true)).flatMap((each) => readResources(nodeBelow(each, 'Resources'), reading));
  const functions = mapsOf(root.get('functions', true)).flatMap((each) =>
    entriesOf(each).flatMap(([name, node]) => readFunction(name, node)),
  );
  return [...resources, ...functions];
}

function readFunction(name: string, node: Node): RuleNode[] {
  const events = nodeBelow(node, 'events');
  const patterns = mapsOf(events).flatMap(
    (event) => nodeBelow(event, 'eventBridge', 'pattern') ?? nodeBelow(event, 'cloudwatchEvent', 'event') ?? [],
  );
  return patterns.map((pattern, index) => ({ name: patterns.length === 1 ? name : `${name}-${index + 1}`, node: pattern }));
}

/** What `aws events describe-rule` and `list-rules` print. */
function readAwsCli(root: YAMLMap, reading: RuleFileReading): RuleNode[] {
  const rules = has(root, 'EventPattern') ? [root] : mapsOf(root.get('Rules', true));
  return rules.flatMap((rule, index) => {
    const node = nodeBelow(rule, 'EventPattern');
    const title = textBelow(rule, 'Description');
    const { busName: _, ...deployment } = deploymentOf(rule as Node, reading);
    const name = textBelow(rule, 'Name') ?? `rule-${index + 1}`;
    return node === undefined ? [] : [{ name, node, ...givenLabel('title', title), ...deployment }];
  });
}

/**
 * The same rules under names of their own: where two files use one name, the file is put before it.
 * @throws RuleError when one file has a name twice
 */
export function withOwnNames(rules: Rule[]): Rule[] {
  const counts = new Map<string, number>();
  for (const { name } of rules) counts.set(name, (counts.get(name) ?? 0) + 1);
  const renamed = rules.map((rule) => (counts.get(rule.name) === 1 ? rule : { ...rule, name: `${rule.source}: ${rule.name}` }));
  const seen = new Set<string>();
  for (const { name, source, place } of renamed) {
    if (seen.has(name))
      throw new RuleError(`a second rule is named \`${name}\``, { source, ...place, help: 'give each rule an id of its own' });
    seen.add(name);
  }
  return renamed;
}
