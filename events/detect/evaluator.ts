// Detections asked about entries: the patterns of all of them together over the record's bytes, the rest of what they say over those that match.
import { createHash } from 'node:crypto';
import { type BusIdentity, type Entry, envelopeOf } from '../entry.ts';
import { higherOf, type Severity } from '../finding.ts';
import { classifyKey, type ObjectKey, type ObjectRef } from '../objectkey.ts';
import { compile, PatternError, type Rules } from '../pattern/index.ts';
import { FileError, type FileFault } from '../yamlfile.ts';
import { whatOf, whoOf } from './actor.ts';
import { valueBy } from './countedby.ts';
import type { Condition } from './detection.ts';
import type { Detection } from './detectionfile.ts';
import type { Hit, WindowMark } from './hit.ts';
import { type Lists, type OnMissing, withLists } from './lists.ts';
import { compileMarks, type MarksOf } from './marks.ts';
import type { PlacedPattern } from './patternsinfile.ts';
import { LazyRecord, textAt, valuesAt } from './record.ts';
import { compileTitle, shortened, type Title } from './title.ts';
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
  of: CompiledDetection;
  step: number | undefined;
  where: Question;
}

interface CompiledDetection {
  detection: Detection;
  title: Title;
  /** Of its window; undefined for one that needs no other event. */
  marks: MarksOf | undefined;
  raises: CompiledRaise[];
  exclusions: CompiledExclusion[];
  /** Whether patterns are asked about its candidates: of a raise or an exclusion. */
  asksLater: boolean;
}

interface CompiledExclusion {
  /** Its name among the later patterns. */
  pattern: string;
  /** Undefined for all accounts. */
  accounts: ReadonlySet<string> | undefined;
}

interface CompiledRaise {
  to: Severity;
  /** Its name among the later patterns. */
  pattern: string | undefined;
  where: Question;
  /** Of its window, which raises when it completes; undefined for one that raises at once. */
  marks: MarksOf | undefined;
}

/** A record that is a candidate, and what is worked out of it, once for all detections. */
class Asked implements WhereContext {
  readonly entry: Entry;
  readonly record: LazyRecord;
  readonly key: ObjectKey;
  private readonly accounts: ReadonlySet<string>;

  constructor(entry: Entry, key: ObjectKey, accounts: ReadonlySet<string>) {
    this.entry = entry;
    this.record = new LazyRecord(entry.record);
    this.key = key;
    this.accounts = accounts;
  }

  /** The account whose call it was; where the record doesn't say, whose trail told of it. */
  get account(): string | undefined {
    return textAt(this.record, 'recipientAccountId') ?? textAt(this.record, 'accountId') ?? this.key.account;
  }

  /** A property, so that conditions may take it out of the context. */
  readonly isOwnAccount = (account: string): boolean =>
    this.accounts.has(account) || account === this.key.account || account === textAt(this.record, 'recipientAccountId');
}

/**
 * Compiles detections.
 * @throws FileError with all faults: a pattern that EventBridge would refuse once the lists' values stand in it, an id that two detections have
 * @throws PatternError for a pattern of a deployment's exclusion
 */
export function compileDetections(detections: readonly Detection[], options: EvaluatorOptions): Evaluator {
  const compiled = new CompiledDetections(options);
  const faults = detections.flatMap((detection) => compiled.add(detection));
  if (faults.length > 0) throw new FileError(faults);
  return compiled;
}

class CompiledDetections implements Evaluator {
  readonly off: OffDetection[] = [];
  count = 0;
  private readonly options: EvaluatorOptions;
  private readonly accounts: ReadonlySet<string>;
  /** Patterns that every record is asked. */
  private readonly first: Rules = compile([]);
  /** Patterns of exclusions and raises. */
  private readonly later: Rules = compile([]);
  private readonly ids = new Set<string>();
  private readonly candidates = new Map<string, Candidate>();
  private lastRef: ObjectRef | undefined;
  private lastKey: ObjectKey = { kind: 'other' };

  constructor(options: EvaluatorOptions) {
    this.options = options;
    this.accounts = new Set(options.lists.get('accounts') ?? []);
  }

  /** @returns what is wrong with it; a detection with a list that has no values is off */
  add(detection: Detection): FileFault[] {
    const { id, source, place } = detection;
    if (this.ids.has(id))
      return [{ source, ...place, path: 'id', message: `is \`${id}\` a second time`, help: 'give each detection an id of its own' }];
    this.ids.add(id);
    const why = this.whyOff(detection);
    if (why !== undefined) this.off.push({ id, why });
    else this.count++;
    return why === undefined ? this.compile(detection) : [];
  }

  /** Lists without values, in patterns and conditions that must be asked. */
  private whyOff({ patterns, where, steps }: Detection): string | undefined {
    const missing = new Map<string, string>();
    const note: OnMissing = (name, why) => missing.set(name, `\`$${name}\` ${why ?? 'has no values'}`);
    for (const { text } of [...patterns, ...steps.flatMap((step) => step.patterns)]) this.valued(text, note);
    for (const conditions of [where, ...steps.map((step) => step.where)]) compileWhere(conditions, this.options.lists, note);
    return missing.size === 0 ? undefined : [...missing.values()].join(', ');
  }

  /** A pattern with the lists' values in it. Without lists it stays the text of its file, spelling and all. */
  private valued(text: string, missing: OnMissing): string | object {
    return text.includes('"$') ? (withLists(JSON.parse(text), this.options.lists, missing) as object) : text;
  }

  private compile(detection: Detection): FileFault[] {
    const faults: FileFault[] = [];
    const { id, title, patterns, where, steps } = detection;
    const raises = detection.raise.flatMap((_, at) => this.raiseOf(detection, at, faults));
    const exclusions = this.exclusionsOf(detection, faults);
    const asksLater = exclusions.length > 0 || raises.some(({ pattern }) => pattern !== undefined);
    const marks = detection.window === undefined ? undefined : compileMarks('main', detection.window);
    const of = { detection, title: compileTitle(title), marks, raises, exclusions, asksLater };
    const add = (name: string, step: number | undefined, placed: readonly PlacedPattern[], conditions: readonly Condition[]) => {
      for (const each of placed) this.addTo(this.first, name, each, detection, faults);
      this.candidates.set(name, { of, step, where: compileWhere(conditions, this.options.lists, ignore) });
    };
    if (steps.length === 0) add(id, undefined, patterns, where);
    for (const [at, step] of steps.entries()) add(`${id} ${at}`, at, step.patterns, [...where, ...step.where]);
    return faults;
  }

  /** @returns whether it was added: a pattern with a list without values matches nothing */
  private addTo(rules: Rules, name: string, { text, place, path }: PlacedPattern, { source }: Detection, faults: FileFault[]): boolean {
    let isVoid = false;
    const pattern = this.valued(text, () => {
      isVoid = true;
    });
    if (isVoid) return false;
    try {
      rules.add({ name, pattern });
      return true;
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      faults.push({ source, ...place, path, message: `${error.message} (with the values of its lists)` });
      return false;
    }
  }

  /** A raise whose list has no values never raises. */
  private raiseOf(detection: Detection, at: number, faults: FileFault[]): CompiledRaise[] {
    const { to, patterns, where, window } = detection.raise[at]!;
    let isVoid = false;
    const question = compileWhere(where, this.options.lists, () => {
      isVoid = true;
    });
    const name = `raise ${detection.id} ${at}`;
    const added = patterns.filter((each) => this.addTo(this.later, name, each, detection, faults));
    if (isVoid || (patterns.length > 0 && added.length === 0)) return [];
    const marks = window === undefined ? undefined : compileMarks(`raise.${at}`, window);
    return [{ to, pattern: patterns.length === 0 ? undefined : name, where: question, marks }];
  }

  /** Those that still hold; one whose list has no values excludes nothing. */
  private exclusionsOf(detection: Detection, faults: FileFault[]): CompiledExclusion[] {
    const { id } = detection;
    const holds = ({ until }: { until?: string }) => until === undefined || until >= this.options.today;
    const own = detection.exclusions.filter(holds).flatMap(({ patterns }, at) => {
      const pattern = `exclusion ${id} ${at}`;
      const added = patterns.filter((each) => this.addTo(this.later, pattern, each, detection, faults));
      return added.length === 0 ? [] : [{ pattern, accounts: undefined }];
    });
    const deployed = (this.options.exclusions ?? []).flatMap((exclusion, at) => {
      const isOf = exclusion.rules === undefined || exclusion.rules.some((rule) => namesRule(rule, id));
      const pattern = isOf && holds(exclusion) ? this.addDeployed(at, exclusion) : undefined;
      return pattern === undefined
        ? []
        : [{ pattern, accounts: exclusion.accounts === undefined ? undefined : new Set(exclusion.accounts) }];
    });
    return [...own, ...deployed];
  }

  private readonly deployed = new Map<number, string | undefined>();

  /** An exclusion of the deployment is compiled once for all detections. @returns its name; undefined where it excludes nothing */
  private addDeployed(at: number, { patterns }: DeploymentExclusion): string | undefined {
    if (this.deployed.has(at)) return this.deployed.get(at);
    const name = `deployment exclusion ${at}`;
    const added = patterns.filter((pattern) => {
      let isVoid = false;
      const valued = withLists(pattern, this.options.lists, () => {
        isVoid = true;
      }) as object;
      if (!isVoid) this.later.add({ name, pattern: valued });
      return !isVoid;
    });
    this.deployed.set(at, added.length === 0 ? undefined : name);
    return this.deployed.get(at);
  }

  ask(entry: Entry): Hit[] {
    const names = this.matching(this.first, entry);
    if (names.length === 0) return [];
    const asked = new Asked(entry, this.keyOf(entry.ref), this.accounts);
    let later: ReadonlySet<string> | undefined;
    const hits: Hit[] = [];
    for (const name of names) {
      const candidate = this.candidates.get(name)!;
      if (!isMet(candidate, asked)) continue;
      if (candidate.of.asksLater) later ??= new Set(this.matching(this.later, entry));
      const hit = hitOf(candidate, asked, later ?? NONE);
      if (hit !== undefined) hits.push(hit);
    }
    return hits;
  }

  private matching(rules: Rules, entry: Entry): readonly string[] {
    return rules.glance(entry) ?? rules.matchEntry(envelopeOf(entry, this.options.bus), entry.record.bytes);
  }

  /** Records come file by file. */
  private keyOf(ref: ObjectRef): ObjectKey {
    if (ref !== this.lastRef) [this.lastRef, this.lastKey] = [ref, classifyKey(ref.key)];
    return this.lastKey;
  }
}

const NONE: ReadonlySet<string> = new Set();
const ignore = () => undefined;

const namesRule = (rule: string, id: string): boolean => (rule.endsWith('*') ? id.startsWith(rule.slice(0, -1)) : rule === id);

const isMet = ({ of: { detection }, where }: Candidate, asked: Asked): boolean =>
  (!detection.success || wentWell(asked.record)) && where(asked.record, asked);

/** A null is no error: CloudTrail leaves the fields out, copies of its records may not. */
const wentWell = (record: unknown): boolean =>
  ['errorCode', 'errorMessage'].every((field) => valuesAt(record, field).every((value) => value === null));

/** The hit of a record that is one for a detection; none where it is excluded, or lacks what the detection's window counts by. */
function hitOf({ of, step }: Candidate, asked: Asked, later: ReadonlySet<string>): Hit | undefined {
  if (of.exclusions.some((exclusion) => excludes(exclusion, asked, later))) return undefined;
  const marks = of.marks?.(asked.record, asked.key, step) ?? [];
  if (of.marks !== undefined && marks.length === 0) return undefined;
  const hit = describe(of, asked, marks);
  for (const raise of of.raises) {
    const isMet = (raise.pattern === undefined || later.has(raise.pattern)) && raise.where(asked.record, asked);
    if (isMet && raise.marks === undefined) hit.severity = higherOf(hit.severity, raise.to);
    else if (isMet) hit.marks.push(...raise.marks!(asked.record, asked.key, undefined));
  }
  return hit;
}

const excludes = ({ pattern, accounts }: CompiledExclusion, { account }: Asked, later: ReadonlySet<string>): boolean =>
  later.has(pattern) && (accounts === undefined || (account !== undefined && accounts.has(account)));

/** Longest texts of a hit, in characters, and most resources: callers write them, and a hit must fit a message. */
const MAX_TEXT = 256;
const MAX_ARN = 2048;
const MAX_RESOURCES = 20;
/** An eventID has 36 characters; something longer isn't one. */
const MAX_EVENT_ID = 128;

function describe({ detection, title }: CompiledDetection, { entry, record, key, account }: Asked, marks: WindowMark[]): Hit {
  const { ref, time, resources } = entry;
  const eventID = eventIDOf(record);
  const who = whoOf(record);
  const hit: Hit = {
    detection: detection.id,
    severity: detection.severity,
    title: title(record, who),
    what: shortened(whatOf(record), MAX_TEXT),
    resources: resources.slice(0, MAX_RESOURCES).map((arn) => shortened(arn, MAX_ARN)),
    event: { time: time ?? key.time ?? '1970-01-01T00:00:00Z', bucket: ref.bucket, key: ref.key, index: entry.record.index },
    marks,
  };
  put(hit, 'who', who);
  put(hit, 'from', textAt(record, 'sourceIPAddress'));
  put(hit, 'account', account);
  put(hit, 'region', valueBy(record, key, 'region'));
  if (eventID === undefined) hit.fingerprint = createHash('sha256').update(entry.record.bytes).digest('hex');
  else hit.event.eventID = eventID;
  if (detection.dryRun) hit.dryRun = true;
  return hit;
}

function eventIDOf(record: unknown): string | undefined {
  const eventID = textAt(record, 'eventID');
  return eventID === undefined || eventID === '' || eventID.length > MAX_EVENT_ID ? undefined : eventID;
}

function put(hit: Hit, name: 'who' | 'from' | 'account' | 'region', value: string | undefined): void {
  if (value !== undefined) hit[name] = shortened(value, MAX_TEXT);
}
