// The JSON Schemas that editors complete and check detection files and trailbus.yml by: made of the schemas that read them, and of what the pack says.
import * as z from 'zod';
import {
  BOOLEAN_PATHS,
  DETAIL_TYPES,
  ENVELOPE_FIELDS,
  IDENTITY_FIELDS,
  RECORD_FIELDS,
  STRING_PATHS,
  serviceOf,
  sourceFor,
  VALUES_BY_PATH,
} from '../events/cloudtrail.ts';
import { configSchema } from '../events/configfile.ts';
import { COMPUTED_NAMES } from '../events/detect/countedby.ts';
import { detectionSchema } from '../events/detect/detection.ts';
import { LIST_NAMES } from '../events/detect/lists.ts';
import { knownServices } from '../events/pattern/lint/known.ts';
import { type EventMember, memberOf, membersNamedBy, pathsIn, type SuggestingDetection } from './eventmembers.ts';

/** Draft 7: what editors’ YAML support reads to the letter. */
const DRAFT = 'http://json-schema.org/draft-07/schema#';

type Json = { [key: string]: unknown };

const ref = (name: string): Json => ({ $ref: `#/definitions/${name}` });
const list = (items: Json): Json => ({ type: 'array', minItems: 1, items });
const known = (values: Iterable<string>): Json => ({ enum: [...new Set(values)].sort() });

/** The files of `schema/`, by name. @param pack  the detections whose members of events are offered */
export function schemaFiles(pack: readonly SuggestingDetection[]): Record<string, string> {
  const definitions = definitionsFrom(pack);
  return {
    'detection.schema.json': fileText('A detection of Trailbus', detectionSchema, definitions, [needsPattern]),
    'trailbus.schema.json': fileText('trailbus.yml', configSchema, definitions, []),
  };
}

/** What zod can't say in its schema: only a sequence does without a pattern. */
const needsPattern: Json = {
  anyOf: [{ required: ['pattern'] }, { required: ['window'], properties: { window: { required: ['sequence'] } } }],
};

function fileText(title: string, schema: z.ZodType, definitions: Json, rules: Json[]): string {
  const {
    $schema: _,
    definitions: own = {},
    ...made
  } = z.toJSONSchema(schema, {
    ...{ target: 'draft-7', io: 'input', unrepresentable: 'any' },
    // YAML has days as text.
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' });
    },
  }) as Json;
  const whole = { ...made, ...(rules.length === 0 ? {} : { allOf: rules }), definitions: { ...definitions, ...(own as Json) } };
  return `${JSON.stringify({ $schema: DRAFT, title, ...(offered(whole) as Json) })}\n`;
}

/** Each place that says what is to be offered, with it. */
function offered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(offered);
  if (typeof value !== 'object' || value === null) return value;
  const { suggest, ...rest } = value as Json & { suggest?: string };
  const inner = Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, offered(each)]));
  if (typeof suggest !== 'string') return inner;
  const { description } = inner;
  if (suggest === 'pattern') return { description, allOf: [ref('pattern')] };
  if (suggest === 'idKeys') return { ...inner, allOf: [ref('overrides')] };
  return withWords(inner, ref(suggest));
}

/** Beside each text that is free, the words that are known. */
function withWords(schema: Json, words: Json): Json {
  const { description, ...rest } = schema;
  const about = description === undefined ? {} : { description };
  if (rest['type'] === 'string') return { ...about, anyOf: [words, rest] };
  if (Array.isArray(rest['anyOf'])) return { ...about, ...rest, anyOf: (rest['anyOf'] as Json[]).map((each) => withWords(each, words)) };
  if (rest['type'] === 'array') return { ...about, ...rest, items: withWords(rest['items'] as Json, words) };
  return schema;
}

function definitionsFrom(pack: readonly SuggestingDetection[]): Json {
  const members = membersFrom(pack);
  const detail = memberOf(members, 'detail');
  const fields = pathsIn(detail);
  return {
    fields: known(fields),
    countedBy: known([...COMPUTED_NAMES, ...fields]),
    lists: known(LIST_NAMES.map((name) => `$${name}`)),
    tags: known(pack.flatMap(({ tags }) => tags)),
    ids: known(pack.map(({ id }) => id)),
    overrides: { properties: Object.fromEntries(pack.map(({ id, title }) => [id, { description: title }])) },
    ...PATTERN_DEFINITIONS,
    pattern: mapOf(members, 'pattern'),
    detail: mapOf(detail, 'detail'),
  };
}

/** What every record has, and what the pack names besides. */
function membersFrom(pack: readonly SuggestingDetection[]): EventMember {
  const members = membersNamedBy(pack);
  for (const field of ENVELOPE_FIELDS) memberOf(members, field);
  for (const field of RECORD_FIELDS) memberOf(members, 'detail', field);
  for (const field of IDENTITY_FIELDS) memberOf(members, 'detail', 'userIdentity', field);
  for (const [path, values] of Object.entries(VALUES_BY_PATH)) addValues(memberOf(members, ...path.split('.')), values);
  addValues(memberOf(members, 'detail-type'), DETAIL_TYPES);
  const sources = memberOf(members, 'detail', 'eventSource');
  addValues(memberOf(members, 'source'), [...sources.values].flatMap((each) => serviceOf(each) ?? []).map(sourceFor));
  addValues(
    sources,
    [...knownServices()].map((service) => `${service}.amazonaws.com`),
  );
  return members;
}

function addValues({ values }: EventMember, more: Iterable<string>): void {
  for (const value of more) values.add(value);
}

/** A map of a pattern: its known keys, `$or`, and any other key. @param name  the definition that an arm of its `$or` is of */
const mapOf = ({ members }: EventMember, name: string, path = name): Json => ({
  ...{ type: 'object', minProperties: 1 },
  properties: {
    $or: { ...list(ref(name)), description: 'one of these is enough' },
    ...Object.fromEntries(
      [...members].sort().map(([key, member]) => [key, memberSchema(member, path === 'pattern' ? key : `${path}.${key}`)]),
    ),
  },
  additionalProperties: ref('member'),
});

/** A key of a pattern: a list where CloudTrail has a text there, a map where it has one, either where that isn't known. */
function memberSchema(member: EventMember, path: string): Json {
  const about = ABOUT.has(path) ? { description: ABOUT.get(path) } : {};
  if (path === 'detail') return { ...about, allOf: [ref('detail')] };
  const values = member.values.size === 0 ? ref('values') : list({ anyOf: [known(member.values), ref('value')] });
  const isOneValue = (STRING_PATHS.test(path) || BOOLEAN_PATHS.test(path)) && member.members.size === 0;
  if (isOneValue) return { ...about, ...values };
  const map = member.members.size === 0 ? ref('map') : mapOf(member, 'map', path);
  return { ...about, anyOf: [map, values] };
}

const text: Json = { type: 'string' };
const ignoringCase: Json = {
  anyOf: [
    text,
    { type: 'object', required: ['equals-ignore-case'], additionalProperties: false, properties: { 'equals-ignore-case': text } },
  ],
};
const scalar: Json = { type: ['string', 'number', 'boolean', 'null'] };
const textOrTexts: Json = { anyOf: [text, list(text)] };

const oneOf = (properties: Json): Json => ({ type: 'object', minProperties: 1, maxProperties: 1, additionalProperties: false, properties });

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const OPERATORS: Json = oneOf({
  prefix: { ...ignoringCase, description: 'begins with' },
  suffix: { ...ignoringCase, description: 'ends with' },
  wildcard: { ...text, description: '`*` stands for any characters' },
  'equals-ignore-case': { ...text, description: 'in upper or lower case' },
  exists: { type: 'boolean', description: 'the field is there, or is not' },
  numeric: { ...list({ type: ['string', 'number'] }), description: '[">", 0, "<=", 5]' },
  cidr: { ...text, description: 'an address in this block' },
  'anything-but': {
    description: 'any value that is there, but these',
    anyOf: [
      scalar,
      list(scalar),
      oneOf({ prefix: textOrTexts, suffix: textOrTexts, wildcard: textOrTexts, 'equals-ignore-case': textOrTexts }),
    ],
  },
});

const PATTERN_DEFINITIONS: Json = {
  value: { anyOf: [scalar, ref('operator')] },
  operator: OPERATORS,
  values: list(ref('value')),
  map: {
    ...{ type: 'object', minProperties: 1 },
    properties: { $or: { ...list(ref('map')), description: 'one of these is enough' } },
    additionalProperties: ref('member'),
  },
  member: { anyOf: [ref('values'), ref('map')] },
};

/** What members of events are, for the ones that patterns name most. Source: CloudTrail user guide, record contents (read 2026-11-28). */
const ABOUT: ReadonlyMap<string, string> = new Map([
  ['source', 'the service: `cloudtrail.iam`'],
  ['detail-type', 'the kind of event: `AWS API Call via CloudTrail`'],
  ['detail', 'the record'],
  ['account', 'the account of the bus; the record’s is `detail.recipientAccountId`'],
  ['region', 'the region of the bus; the record’s is `detail.awsRegion`'],
  ['resources', 'ARNs that the record names'],
  ['detail.eventSource', 'the service: `iam.amazonaws.com`'],
  ['detail.eventName', 'the call: `CreateUser`'],
  ['detail.errorCode', 'of a call that failed: `AccessDenied`; absent of one that went well'],
  ['detail.errorMessage', 'of a call that failed'],
  ['detail.userIdentity', 'who called'],
  ['detail.userIdentity.type', 'Root, IAMUser, AssumedRole, AWSService …'],
  ['detail.userIdentity.arn', 'of an assumed role with the session’s name: `arn:aws:sts::…:assumed-role/ROLE/SESSION`'],
  ['detail.userIdentity.invokedBy', 'the AWS service that called for somebody'],
  ['detail.userIdentity.userName', 'of an IAM user; absent for roles'],
  ['detail.userIdentity.accessKeyId', '`AKIA…` of long-term keys, `ASIA…` of temporary ones'],
  ['detail.userIdentity.sessionContext', 'of temporary credentials: which role, made when, with a second factor or without'],
  ['detail.requestParameters', 'what was asked for; null where there are no parameters'],
  ['detail.responseElements', 'what was answered; null for calls that only read, and for failed ones'],
  ['detail.additionalEventData', 'what some events say besides'],
  ['detail.sourceIPAddress', 'the address, or the AWS service that called'],
  ['detail.userAgent', 'the program, as it calls itself'],
  ['detail.awsRegion', 'the region of the call'],
  ['detail.recipientAccountId', 'the account whose trail told of it'],
  ['detail.readOnly', 'true for a call that changes nothing'],
  ['detail.eventType', 'AwsApiCall, AwsConsoleSignIn, AwsServiceEvent …'],
  ['detail.eventCategory', 'Management, Data, Insight, NetworkActivity'],
  ['detail.managementEvent', 'true for a management event'],
]);
