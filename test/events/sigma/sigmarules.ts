// Random Sigma rules, and records that are near to what they ask.
import fc from 'fast-check';

/** Of the kinds that make a difference: always text, true or false, and whatever a request may hold. */
const TEXT_FIELDS = ['eventName', 'eventSource', 'errorCode', 'userIdentity.type', 'sourceIPAddress', 'userAgent', 'awsRegion'];
const FIELDS = [
  ...TEXT_FIELDS,
  'readOnly',
  'requestParameters.name',
  'requestParameters.items.port',
  'requestParameters.items.deep',
  'responseElements.code',
];

const TEXTS = [
  'Get',
  'get',
  'GetUser',
  'getuser',
  'PutUser',
  'true',
  'TRUE',
  '22',
  '2',
  '10.0.0.7',
  '10.1.0.7',
  '',
  'a*b',
  'a\\b',
  'a?b',
  'User',
  '::1',
  'x22y',
];
const WANTED = [...TEXTS, 'Get*', '*User', '*e*', 'G?t', 'a\\*b', 'a\\\\b', '*', '*:*', 'g*r', '*.0.*', '2*', '/', '10.0.0.7'];

const scalar = fc.oneof(fc.constantFrom(...TEXTS), fc.constantFrom(22, 2, 0, -1.5, 1e21), fc.boolean(), fc.constant(null));
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant({ inner: 'Get' }) },
);
const item = fc.record({ port: value, deep: value }, { requiredKeys: [] });
const textOrNull = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...TEXTS) }, { weight: 1, arbitrary: fc.constant(null) });

export const record = fc.record(
  {
    ...{
      eventName: textOrNull,
      eventSource: textOrNull,
      errorCode: textOrNull,
      sourceIPAddress: textOrNull,
      userAgent: textOrNull,
      awsRegion: textOrNull,
    },
    userIdentity: fc.record({ type: textOrNull }, { requiredKeys: [] }),
    readOnly: fc.oneof(fc.boolean(), fc.constantFrom('true', 'false'), fc.constant(null)),
    requestParameters: fc.oneof(
      fc.constant(null),
      fc.record({ name: value, items: fc.oneof(item, fc.array(item, { maxLength: 3 })) }, { requiredKeys: [] }),
    ),
    responseElements: fc.record({ code: value }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

const field = fc.constantFrom(...TEXT_FIELDS, ...FIELDS);
const wanted = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.constantFrom(...WANTED) },
  { weight: 2, arbitrary: fc.constantFrom(22, 2, true, false) },
);
const list = <Value>(one: fc.Arbitrary<Value>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));

const textModifier = fc.constantFrom(
  '',
  '',
  '',
  '',
  '|contains',
  '|startswith',
  '|endswith',
  '|cased',
  '|contains|cased',
  '|startswith|cased',
  '|neq',
);
const REGEXES = ['^Get', 'User$', '^(Get|Put)User$', 'et.*r', 'G.t', '^10\\.', '[Gg]et', '^Ge?t$', '.+User', '^2{2}$'];

const clause = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(
      fc.tuple(field, textModifier).map((parts) => parts.join('')),
      list(wanted),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      field.map((each) => `${each}|contains|all`),
      fc.uniqueArray(fc.constantFrom('2', 'e', '.', ':', 'G', '0'), { minLength: 2, maxLength: 3 }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      field.map((each) => `${each}|exists`),
      fc.boolean(),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(field, fc.constant(null)) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom('sourceIPAddress|cidr', 'requestParameters.name|cidr'),
      list(fc.constantFrom('10.0.0.0/16', '10.0.0.7/32', '10.0.0.0/8')),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.tuple(field, fc.constantFrom('|gt', '|gte', '|lt', '|lte')).map((parts) => parts.join('')),
      fc.constantFrom(2, 22, 0),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.tuple(field, fc.constantFrom('|re', '|re|i')).map((parts) => parts.join('')),
      list(fc.constantFrom(...REGEXES)),
    ),
  },
);
const map = fc.array(clause, { minLength: 1, maxLength: 2 }).map((clauses): unknown => Object.fromEntries(clauses));
const search = fc.oneof({ weight: 4, arbitrary: map }, { weight: 1, arbitrary: fc.array(map, { minLength: 2, maxLength: 3 }) });

const CONDITIONS = [
  ...[
    'sel_a',
    'sel_a and sel_b',
    'sel_a or sel_b',
    'sel_a and not sel_b',
    'not sel_a',
    'sel_a and not (sel_b or sel_c)',
    'sel_a and not 1 of sel_*',
  ],
  ...[
    '1 of sel_*',
    'all of sel_*',
    '2 of them',
    '1 of them and not all of sel_*',
    'not (sel_a and sel_b) and sel_c',
    '(sel_a or not sel_b) and sel_c',
  ],
  ...['not sel_a and not sel_b', 'sel_a or sel_b and not sel_c', 'all of them', 'sel_a and (sel_b or not _own)', 'not not sel_a'],
];

export const rule = fc.record({
  title: fc.constant('a rule'),
  logsource: fc.constant({ product: 'aws', service: 'cloudtrail' }),
  detection: fc.record({
    ...{ sel_a: search, sel_b: search, sel_c: search, _own: search },
    condition: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...CONDITIONS) },
      { weight: 1, arbitrary: fc.constant(['sel_a', 'sel_b and sel_c']) },
    ),
  }),
});
