// What was found, and is told: one shape, whether a detection found it, a check, the integrity walk, the corridor itself or somebody else.
/** From the one nobody sleeps through to the one that is only kept. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const isSeverity = (text: string): text is Severity => SEVERITIES.some((severity) => severity === text);

/** Whether the left severity is at least the right one. */
export const isAtLeast = (left: Severity, right: Severity): boolean => SEVERITIES.indexOf(left) <= SEVERITIES.indexOf(right);

/** The higher of two severities. */
export const higherOf = (left: Severity, right: Severity): Severity => (isAtLeast(left, right) ? left : right);

/** Who found it. */
export type FindingKind = 'detection' | 'check' | 'integrity' | 'delivery' | 'response' | 'external';

/** The `time` of an event of which nothing says when it was. */
export const UNKNOWN_TIME = 'unknown';

/** An event that a finding rests on, and where its record stands. */
export interface FindingEvent {
  /** Absent where the record has none. */
  eventID?: string;
  /** eventTime, RFC 3339; where that can't be read, the time in the file's name; `unknown` where that has none. */
  time: string;
  bucket: string;
  key: string;
  /** Position in `Records`, from 0. */
  index: number;
}

/** Most events a finding names; `count` is the true number. */
export const MAX_FINDING_EVENTS = 20;

/** Findings of one rule in an hour, or of one look, that are told each on its own; more become one. */
export const DEFAULT_STORM_LIMIT = 50;

export interface Finding {
  /** The same for the same thing, however often it is found. */
  id: string;
  kind: FindingKind;
  /** The detection's, check's or rule's id. */
  rule: string;
  state: 'open' | 'updated' | 'closed';
  severity: Severity;
  title: string;
  /** The person or program behind it, as far as the record says: of an assumed role, whoever took it. */
  who?: string;
  /** `iam:CreateUser`; of a file, what is wrong with it. */
  what?: string;
  /** Address or service the call came from. */
  from?: string;
  account?: string;
  region?: string;
  /** ARNs or names of what it is about. */
  resources: string[];
  /** In order of time, the first `MAX_FINDING_EVENTS`. */
  events: FindingEvent[];
  /** How many events there are in all; 0 for a finding that is about none. */
  count: number;
  /** Of all its events; absent where it is about none, or nothing says when they were. */
  firstTime?: string;
  lastTime?: string;
  /** What to do next. */
  runbook?: string;
  /** `attack.t1562.008`, `cis.4.5`. */
  tags: string[];
  /** What only this kind has: of a check its columns, of the integrity walk the file. */
  detail?: Record<string, unknown>;
}

/** Whether its detection is on trial (`dryRun`): it is counted and shown, and nobody is told. */
export const isOnTrial = ({ detail }: Pick<Finding, 'detail'>): boolean => detail?.['dryRun'] === true;

/** The source and detail-type that findings have on the bus. */
export const FINDING_SOURCE = 'trailbus';
export const FINDING_DETAIL_TYPE = 'Trailbus Finding';

/** What the alert function's log says of a finding: nothing that callers wrote. */
export interface FindingFacts extends Pick<Finding, 'id' | 'rule' | 'severity' | 'state' | 'count' | 'account' | 'region'> {
  /** Keys of the log files of the events that it names, each once. */
  keys: readonly string[];
}

export const findingFacts = ({ id, rule, severity, state, count, account, region, events }: Finding): FindingFacts => ({
  ...{ id, rule, severity, state, count, keys: [...new Set(events.map(({ key }) => key))] },
  ...(account === undefined ? {} : { account }),
  ...(region === undefined ? {} : { region }),
});

/** The messages of the lines that have these facts, as `finding`. */
export const FINDING_LINES = { told: 'finding told', onTrial: 'finding on trial, not told' } as const;
