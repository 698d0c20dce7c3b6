// Detections asked about entries: the patterns of all of them together over the record's bytes, the rest of what they say over those that match.
import { createHash } from 'node:crypto';
import { type BusIdentity, type Entry, envelopeOf } from '../entry.ts';
import { higherOf, type Severity } from '../finding.ts';
import { classifyKey } from '../objectkey.ts';
import { compile, type Rules } from '../pattern/index.ts';
import { principalOf, whatOf, whoOf } from './actor.ts';
import type { Condition, WindowFields } from './detection.ts';
import type { Detection } from './detectionfile.ts';
import type { Hit, WindowMark } from './hit.ts';
import { type Lists, listsIn, withLists } from './lists.ts';
import { textAt, valuesAt } from './record.ts';
import { renderTitle } from './title.ts';
import { compileWhere, type Question, type WhereContext } from './where.ts';

/** An exclusion of the deployment: for all detections or some, in all accounts or some. */
export interface DeploymentExclusion {
  /** Of which any may match. */
  patterns: object[];
  /** Ids of detections, with `*` at the end for all that begin so; every detection where none are named. */
  rules?: readonly string[];
  accounts?: readonly string[];
  /** `YYYY-MM-DD`: the last day it holds. */
  until?: string;
}

export interface EvaluatorOptions {
  lists: Lists;
  exclusions?: readonly DeploymentExclusion[];
  bus?: BusIdentity;
  /** `YYYY-MM-DD`: exclusions that ended before it are void. */
  today: string;
}

/** A detection that isn't asked, and why. */
export interface OffDetection {
  id: string;
  why: string;
}

export interface Evaluator {
  /** What the detections say of an entry, in their order; none of most. */
  ask(entry: Entry): Hit[];
  /** Detections that can't be asked, for want of a list. */
  off: readonly OffDetection[];
  /** How many are asked. */
  count: number;
}

/** Something that a record may be: a detection's event, or one step of its sequence. */
interface Candidate {
  detection: Detection;
  step: number | undefined;
  where: Question;
}

/** Looked at only for a record that is a candidate. */
interface Afterwards {
  raises: { to: Severity; at: number; pattern: string | undefined; where: Question; window: WindowFields | undefined }[];
  exclusions: { pattern: string; accounts: ReadonlySet<string> | undefined }[];
}

/**
 * Compiles detections.
 * @throws PatternError for a pattern that EventBridge would refuse
 */
export function compileDetections(detections: readonly Detection[], options: EvaluatorOptions): Evaluator {
  return new CompiledDetections(detections, options);
}

class CompiledDetections implements Evaluator {
  readonly off: OffDetection[] = [];
  count = 0;
  private readonly options: EvaluatorOptions;
  /** Patterns that every record is asked. */
  private readonly first: Rules = compile([]);
  /** Patterns of exclusions and raises. */
  private readonly later: Rules = compile([]);
  private readonly candidates = new Map<string, Candidate>();
  private readonly afterwards = new Map<string, Afterwards>();

  constructor(detections: readonly Detection[], options: EvaluatorOptions) {
    this.options = options;
    for (const detection of detections) this.add(detection);
  }

  private add(detection: Detection): void {
    const missing = new Set<string>();
    const candidates = this.candidatesOf(detection, (name) => missing.add(name));
    if (missing.size > 0) {
      const names = [...missing].map((name) => `\`$${name}\``).join(', ');
      this.off.push({ id: detection.id, why: `${names} ${missing.size === 1 ? 'has' : 'have'} no values` });
      return;
    }
    for (const [name, { patterns, candidate }] of candidates) {
      for (const pattern of patterns) this.first.add({ name, pattern });
      this.candidates.set(name, candidate);
    }
    this.afterwards.set(detection.id, this.afterwardsOf(detection));
    this.count++;
  }

  /** What a record may be for a detection, by the name it has in the engine. */
  private candidatesOf(
    detection: Detection,
    missing: (name: string) => void,
  ): Map<string, { patterns: (string | object)[]; candidate: Candidate }> {
    const { lists } = this.options;
    const entry = (step: number | undefined, patterns: (string | object)[], conditions: readonly Condition[]) => ({
      patterns,
      candidate: { detection, step, where: compileWhere(conditions, lists, missing) },
    });
    const { window } = detection;
    const main = detection.patterns.map(({ text }) =>
      text.includes('"$') ? (withLists(JSON.parse(text), lists, missing) as object) : text,
    );
    if (window === undefined || !('sequence' in window)) return new Map([[detection.id, entry(undefined, main, detection.where)]]);
    return new Map(
      window.sequence.map(({ pattern, where = [] }, step) => {
        const patterns = [pattern].flat().map((each) => withLists(each, lists, missing) as object);
        return [`${detection.id} ${step}`, entry(step, patterns, [...detection.where, ...[where].flat()])];
      }),
    );
  }

  private afterwardsOf(detection: Detection): Afterwards {
    return { raises: detection.raise.flatMap((_, at) => this.raiseOf(detection, at)), exclusions: this.exclusionsOf(detection) };
  }

  /** A raise whose list has no values never raises. */
  private raiseOf(detection: Detection, at: number): Afterwards['raises'] {
    const { to, patterns, where, window } = detection.raise[at]!;
    let isVoid = false;
    const question = compileWhere(where, this.options.lists, () => (isVoid = true));
    const pattern = patterns.length === 0 ? undefined : this.addLater(`raise ${detection.id} ${at}`, patterns);
    isVoid ||= patterns.length > 0 && pattern === undefined;
    return isVoid ? [] : [{ to, at, pattern, where: question, window }];
  }

  private exclusionsOf({ id, exclusions }: Detection): Afterwards['exclusions'] {
    const own = exclusions.map(({ pattern, until }) => ({
      patterns: [pattern].flat(),
      until: until === undefined ? undefined : dayOf(until),
      accounts: undefined,
    }));
    const deployed = (this.options.exclusions ?? [])
      .filter(({ rules }) => rules === undefined || rules.some((rule) => namesRule(rule, id)))
      .map(({ patterns, until, accounts }) => ({ patterns, until, accounts: accounts === undefined ? undefined : new Set(accounts) }));
    return [...own, ...deployed].flatMap(({ patterns, until, accounts }, at) => {
      if (until !== undefined && until < this.options.today) return [];
      const pattern = this.addLater(`exclusion ${id} ${at}`, patterns);
      return pattern === undefined ? [] : [{ pattern, accounts }];
    });
  }

  /** Adds patterns to be asked later; those whose list has no values match nothing. @returns their name, if any is left */
  private addLater(name: string, patterns: readonly object[]): string | undefined {
    let added: string | undefined;
    for (const pattern of patterns) {
      const missing = [...listsIn(pattern)].some((list) => (this.options.lists.get(list) ?? []).length === 0);
      if (missing) continue;
      this.later.add({ name, pattern: withLists(pattern, this.options.lists, () => undefined) as object });
      added = name;
    }
    return added;
  }

  ask(entry: Entry): Hit[] {
    const envelope = envelopeOf(entry, this.options.bus);
    const names = this.first.matchEntry(envelope, entry.record.bytes);
    if (names.length === 0) return [];
    const record: unknown = JSON.parse(entry.record.text());
    const context = contextOf(entry, record, this.options.lists);
    let later: Set<string> | undefined;
    return names.flatMap((name) => {
      const candidate = this.candidates.get(name)!;
      if (candidate.detection.success && !wentWell(record)) return [];
      if (!candidate.where(record, context)) return [];
      later ??= new Set(this.later.matchEntry(envelope, entry.record.bytes));
      return this.hitOf(candidate, entry, record, context, later);
    });
  }

  private hitOf({ detection, step }: Candidate, entry: Entry, record: unknown, context: WhereContext, later: ReadonlySet<string>): Hit[] {
    const { raises, exclusions } = this.afterwards.get(detection.id)!;
    const account = textAt(record, 'recipientAccountId');
    if (
      exclusions.some(
        ({ pattern, accounts }) => later.has(pattern) && (accounts === undefined || (account !== undefined && accounts.has(account))),
      )
    )
      return [];
    const met = raises.filter(({ pattern, where }) => (pattern === undefined || later.has(pattern)) && where(record, context));
    const severity = met
      .filter(({ window }) => window === undefined)
      .reduce((highest, { to }) => higherOf(highest, to), detection.severity);
    const marks = [
      ...(detection.window === undefined ? [] : markOf('main', detection.window, record, step)),
      ...met.flatMap(({ window, at }) => (window === undefined ? [] : markOf(`raise.${at}`, window, record, undefined))),
    ];
    // An event that lacks what a window counts by is no event for it.
    if (detection.window !== undefined && !marks.some(({ window }) => window === 'main')) return [];
    return [{ ...describe(detection, entry, record), severity, marks, ...(detection.dryRun ? { dryRun: true } : {}) }];
  }
}

const namesRule = (rule: string, id: string): boolean => (rule.endsWith('*') ? id.startsWith(rule.slice(0, -1)) : rule === id);

const dayOf = (day: string | Date): string => (typeof day === 'string' ? day : day.toISOString().slice(0, 10));

const wentWell = (record: unknown): boolean => valuesAt(record, 'errorCode').length === 0 && valuesAt(record, 'errorMessage').length === 0;

function contextOf({ ref }: Entry, record: unknown, lists: Lists): WhereContext {
  const accounts = new Set(lists.get('accounts') ?? []);
  const own = [classifyKey(ref.key).account, textAt(record, 'recipientAccountId')];
  return { isOwnAccount: (account) => accounts.has(account) || own.includes(account) };
}

/** What `by` may name besides fields. */
const COMPUTED: Record<string, (record: unknown) => string | undefined> = {
  principal: principalOf,
  account: (record) => textAt(record, 'recipientAccountId'),
  region: (record) => textAt(record, 'awsRegion'),
  address: (record) => textAt(record, 'sourceIPAddress'),
};

const valueBy = (record: unknown, by: string): string | undefined =>
  Object.hasOwn(COMPUTED, by) ? COMPUTED[by]!(record) : textAt(record, by);

function markOf(name: string, window: WindowFields, record: unknown, step: number | undefined): WindowMark[] {
  const key = [window.by].flat().map((by) => valueBy(record, by));
  if (!key.every((value) => value !== undefined)) return [];
  const mark: WindowMark = { window: name, key };
  if ('distinct' in window)
    return [...new Set(valuesAt(record, window.distinct).filter(isScalar).map(String))].map((value) => ({ ...mark, value }));
  if ('firstSeen' in window) {
    const values = [window.firstSeen].flat().map((field) => valueBy(record, field));
    return values.every((value) => value !== undefined) ? [{ ...mark, value: JSON.stringify(values) }] : [];
  }
  return [{ ...mark, ...(step === undefined ? {} : { step }) }];
}

const isScalar = (value: unknown): boolean => value !== null && typeof value !== 'object';

function describe({ id, title }: Detection, entry: Entry, record: unknown): Omit<Hit, 'severity' | 'marks'> {
  const { ref, time, resources, record: raw } = entry;
  const eventID = textAt(record, 'eventID');
  const [who, from] = [whoOf(record), textAt(record, 'sourceIPAddress')];
  const [account, region] = [textAt(record, 'recipientAccountId') ?? textAt(record, 'accountId'), textAt(record, 'awsRegion')];
  return {
    ...{ detection: id, title: renderTitle(title, record), what: whatOf(record), resources },
    ...(who === undefined ? {} : { who }),
    ...(from === undefined ? {} : { from }),
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    event: {
      ...(eventID === undefined ? {} : { eventID }),
      ...{ time: time ?? classifyKey(ref.key).time ?? '1970-01-01T00:00:00Z', bucket: ref.bucket, key: ref.key, index: raw.index },
    },
    ...(eventID === undefined ? { fingerprint: createHash('sha256').update(raw.bytes).digest('hex') } : {}),
  };
}
