// What lint finds: the table of ids, and one finding.
import type { Leaf, Pattern, Span } from '../ast.ts';
import type { Branch } from '../branches.ts';

/** `error`: the rule can't do what it says; `warning`: it probably doesn't; `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

export interface LintId {
  severity: Severity;
  /** What it finds, in one line. */
  title: string;
  /** Documentation of the fact behind it. */
  link: string;
}

const CLOUDTRAIL = 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide';
const EVENTBRIDGE = 'https://docs.aws.amazon.com/eventbridge/latest/userguide';

/** Everything lint can find. docs/rules.md has the same table; a test compares them. */
export const LINT = {
  'invalid-pattern': { severity: 'error', title: 'EventBridge refuses the pattern', link: `${EVENTBRIDGE}/eb-event-patterns.html` },
  'unknown-event-name': {
    severity: 'error',
    title: 'the eventSource has no such eventName',
    link: `${CLOUDTRAIL}/cloudtrail-aws-service-specific-topics.html`,
  },
  'unknown-event-source': {
    severity: 'warning',
    title: 'no AWS service has this eventSource',
    link: `${CLOUDTRAIL}/cloudtrail-aws-service-specific-topics.html`,
  },
  'renamed-event': {
    severity: 'error',
    title: 'CloudTrail writes this API call under another eventName',
    link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html',
  },
  'dated-event': {
    severity: 'warning',
    title: 'CloudTrail adds a date to this eventName',
    link: 'https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html',
  },
  'source-disagrees': {
    severity: 'error',
    title: '`source` and `detail.eventSource` name different services',
    link: `${EVENTBRIDGE}/eb-service-event-cloudtrail.html`,
  },
  'native-source': {
    severity: 'error',
    title: '`source` begins with `aws.`, which this bus never says',
    link: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html',
  },
  'detail-type': { severity: 'error', title: 'a detail-type is misspelt', link: `${EVENTBRIDGE}/eb-service-event-cloudtrail.html` },
  'own-output': {
    severity: 'warning',
    title: 'the rule can match findings, which rules make: a loop',
    link: `${EVENTBRIDGE}/eb-rules-best-practices.html`,
  },
  'matches-everything': {
    severity: 'warning',
    title: 'the pattern matches every record',
    link: `${EVENTBRIDGE}/eb-patterns-best-practices.html`,
  },
  'covered-rule': {
    severity: 'warning',
    title: 'another rule matches everything this one does',
    link: `${EVENTBRIDGE}/eb-patterns-best-practices.html`,
  },
  'misplaced-field': {
    severity: 'error',
    title: 'a field of the record stands outside `detail`',
    link: `${EVENTBRIDGE}/eb-events-structure.html`,
  },
  'unknown-field': {
    severity: 'warning',
    title: 'events have no such field',
    link: `${CLOUDTRAIL}/cloudtrail-event-reference-record-contents.html`,
  },
  'unknown-value': {
    severity: 'error',
    title: 'the field never has this value',
    link: `${CLOUDTRAIL}/cloudtrail-event-reference-user-identity.html`,
  },
  'envelope-account': {
    severity: 'warning',
    title: '`account` and `region` of an event are the bus’s, not the record’s',
    link: `${EVENTBRIDGE}/eb-events-structure.html`,
  },
  'anything-but-absent': {
    severity: 'warning',
    title: '`anything-but` on a field that is often absent',
    link: `${CLOUDTRAIL}/cloudtrail-event-reference-record-contents.html`,
  },
  'anything-but-list': {
    severity: 'error',
    title: 'several `anything-but` in one list let every value through',
    link: `${EVENTBRIDGE}/eb-create-pattern-operators.html`,
  },
  'number-as-string': {
    severity: 'warning',
    title: 'a number or boolean is written as a string',
    link: `${EVENTBRIDGE}/eb-create-pattern-operators.html`,
  },
  'string-as-number': {
    severity: 'error',
    title: 'a string is written as a number or boolean',
    link: `${CLOUDTRAIL}/cloudtrail-event-reference-record-contents.html`,
  },
  'cidr-service-name': {
    severity: 'warning',
    title: '`cidr` on an address that may be a service’s name',
    link: `${CLOUDTRAIL}/cloudtrail-event-reference-record-contents.html`,
  },
  'star-in-string': {
    severity: 'warning',
    title: 'a `*` outside `wildcard` stands for itself',
    link: `${EVENTBRIDGE}/eb-create-pattern-operators.html`,
  },
  'pattern-too-long': { severity: 'error', title: 'the pattern is longer than EventBridge takes', link: `${EVENTBRIDGE}/eb-quota.html` },
  'too-many-wildcards': {
    severity: 'error',
    title: 'so many `*` that EventBridge calls the rule too complex',
    link: `${EVENTBRIDGE}/eb-create-pattern-operators.html`,
  },
  'unreachable-arm': {
    severity: 'warning',
    title: 'an arm of `$or` adds nothing',
    link: `${EVENTBRIDGE}/eb-create-pattern-operators.html`,
  },
  'repeated-key': {
    severity: 'warning',
    title: 'a later field of the same path takes this one’s place',
    link: `${EVENTBRIDGE}/eb-event-patterns.html`,
  },
  'too-many-targets': { severity: 'error', title: 'more targets than a rule may have', link: `${EVENTBRIDGE}/eb-quota.html` },
  'too-many-rules': { severity: 'warning', title: 'more rules than a bus may have', link: `${EVENTBRIDGE}/eb-quota.html` },
} as const satisfies Record<string, LintId>;

export type LintName = keyof typeof LINT;

/** Something valid and still wrong, at a place in the pattern's text. */
export interface Finding extends Span {
  /** Name of the rule. */
  rule: string;
  id: LintName;
  severity: Severity;
  message: string;
  /** What to write instead. */
  help?: string;
}

/** A rule that has been read, as the checks see it. */
export interface LintedRule {
  name: string;
  pattern: Pattern;
  branches: Branch[];
  leaves: Leaf[];
  targets?: number;
  /** Whether some values are known only after deployment. */
  hasUnknowns: boolean;
}

/** A finding without its rule's name; the severity is the id's unless given. */
export type Found = Omit<Finding, 'rule' | 'severity'> & { severity?: Severity };

/** Looks at one rule. */
export type Check = (rule: LintedRule) => Found[];

/** Values written in a list as strings, or named by an operator in it, with their places; of `anything-but` what is excluded is left out. */
export const namedValues = ({ matchers }: Leaf): { value: string; kind: string; at: number; end: number }[] =>
  matchers.flatMap((matcher) =>
    'value' in matcher && typeof matcher.value === 'string'
      ? [{ value: matcher.value, kind: matcher.kind, at: matcher.at, end: matcher.end }]
      : [],
  );

/** The values of a list of plain strings; undefined when something else is in it. */
export const plainStrings = ({ matchers }: Leaf): string[] | undefined => {
  const values = matchers.flatMap((matcher) => (matcher.kind === 'string' ? [matcher.value] : []));
  return values.length === matchers.length ? values : undefined;
};
