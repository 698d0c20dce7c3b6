// Detections asked about entries: the patterns of all of them together over the record's bytes, the rest of what they say over those that match.
import { createHash } from 'node:crypto';
import type { Entry } from '../entry.ts';
import { type FindingEvent, higherOf, UNKNOWN_TIME } from '../finding.ts';
import { type ObjectKey, type ObjectRef, placeOrName } from '../objectkey.ts';
import { compile, type Rules } from '../pattern/index.ts';
import { FileError } from '../yamlfile.ts';
import { whatOf, whoOf } from './actor.ts';
import {
  type CompiledCandidate,
  type CompiledDetection,
  type CompiledExclusion,
  DetectionCompiler,
  type EvaluatorOptions,
  matching,
  whyOff,
} from './compiledetection.ts';
import { valueBy } from './countedby.ts';
import type { Detection } from './detectionfile.ts';
import { repeatedIds } from './detectionid.ts';
import { type Hit, MAX_RESOURCES, MAX_TEXT, type WindowMark } from './hit.ts';
import { LazyRecord, textAt, valuesAt } from './record.ts';
import { RepeatsInFile } from './repeats.ts';
import { shortened } from './title.ts';
import type { WhereContext } from './where.ts';

/** A detection that isn't asked, and why. */
export interface OffDetection {
  id: string;
  why: string;
}

/** Told which detection failed, and how. */
export type OnDetectionFault = (detection: string, error: unknown) => void;

export interface Evaluator {
  /**
   * What the detections say of an entry, in their order; none of most.
   * @param onFault  told of each detection that fails on the entry: the others are asked all the same. Without it the first fault rises.
   */
  ask(entry: Entry, onFault?: OnDetectionFault): Hit[];
  /** Detections that can't be asked, for want of a list. */
  off: readonly OffDetection[];
  /** How many are asked. */
  count: number;
}

/**
 * Compiles detections.
 * @throws FileError with all faults: a pattern that EventBridge would refuse once the lists' values stand in it, an id that two detections have
 * @throws PatternError for a pattern of a deployment's exclusion
 */
export function compileDetections(detections: readonly Detection[], options: EvaluatorOptions): Evaluator {
  const first = compile([]);
  const compiler = new DetectionCompiler(options, first);
  const asked = detections.map((detection) => ({ detection, why: whyOff(detection, options.lists) }));
  const candidates = asked.flatMap(({ detection, why }) => (why === undefined ? [...compiler.compile(detection)] : []));
  const faults = [...repeatedIds(detections), ...compiler.faults];
  if (faults.length > 0) throw new FileError(faults);
  const off = asked.flatMap(({ detection: { id }, why }) => (why === undefined ? [] : [{ id, why }]));
  return new CompiledDetections(first, new Map(candidates), off, detections.length - off.length, options);
}

class CompiledDetections implements Evaluator {
  readonly off: readonly OffDetection[];
  readonly count: number;
  private readonly first: Rules;
  private readonly candidates: ReadonlyMap<string, CompiledCandidate>;
  private readonly options: EvaluatorOptions;
  private readonly accounts: ReadonlySet<string>;
  private readonly repeats = new RepeatsInFile();
  private lastRef: ObjectRef | undefined;
  private lastKey: ObjectKey = { kind: 'other' };

  constructor(
    first: Rules,
    candidates: ReadonlyMap<string, CompiledCandidate>,
    off: readonly OffDetection[],
    count: number,
    options: EvaluatorOptions,
  ) {
    [this.first, this.candidates, this.off, this.count, this.options] = [first, candidates, off, count, options];
    this.accounts = new Set(options.lists.get('accounts') ?? []);
  }

  ask(entry: Entry, onFault?: OnDetectionFault): Hit[] {
    const names = matching(this.first, entry, this.options.bus);
    if (names.length === 0) return [];
    const asked = new Asked(entry, new LazyRecord(entry.record), this.keyOf(entry.ref), this.accounts);
    this.repeats.passTo(entry);
    const hits: Hit[] = [];
    for (const name of names) {
      const candidate = this.candidates.get(name)!;
      try {
        const hit = hitOf(candidate, asked, this.repeats, this.options.excluded);
        if (hit !== undefined) hits.push(hit);
      } catch (error) {
        if (onFault === undefined) throw error;
        onFault(candidate.of.detection.id, error);
      }
    }
    return hits;
  }

  /** Records come file by file. */
  private keyOf(ref: ObjectRef): ObjectKey {
    if (ref !== this.lastRef) [this.lastRef, this.lastKey] = [ref, placeOrName(ref.key)];
    return this.lastKey;
  }
}

/** A record that is a candidate, and what is worked out of it, once for all detections. */
export class Asked implements WhereContext {
  readonly entry: Entry;
  readonly record: LazyRecord;
  readonly key: ObjectKey;
  private readonly accounts: ReadonlySet<string>;

  constructor(entry: Entry, record: LazyRecord, key: ObjectKey, accounts: ReadonlySet<string>) {
    this.entry = entry;
    this.record = record;
    this.key = key;
    this.accounts = accounts;
  }

  /** The account whose call it was; where the record doesn't say, whose trail told of it. */
  get account(): string | undefined {
    return textAt(this.record, 'recipientAccountId') ?? textAt(this.record, 'accountId') ?? this.key.account;
  }

  /** eventTime, or where that can't be read the time in the file's name; undefined where neither says it. */
  get time(): string | undefined {
    return this.entry.time ?? this.key.time;
  }

  isOwnAccount(account: string): boolean {
    return this.accounts.has(account) || account === this.key.account || account === textAt(this.record, 'recipientAccountId');
  }
}

/**
 * The hit of a record that is one for a detection; none where it is excluded, or lacks what the detection's window counts by, or repeats it. All of
 * that must hold, so what is cheap is asked first; where exclusions are told, a repeat that is excluded is told too.
 */
function hitOf(
  { of, step, where }: CompiledCandidate,
  asked: Asked,
  repeats: RepeatsInFile,
  excluded: EvaluatorOptions['excluded'],
): Hit | undefined {
  const { record } = asked;
  if (of.detection.success && !wentWell(record)) return undefined;
  const marks = of.marks?.(record, asked.key, step) ?? [];
  if (of.marks !== undefined && marks.length === 0) return undefined;
  if (excluded === undefined && isRepeat(of, asked, marks, repeats)) return undefined;
  if (!where(record, asked)) return undefined;
  const later = of.matching(asked.entry);
  const exclusion = later.length === 0 ? undefined : of.exclusions.find((each) => excludes(each, asked, later));
  if (exclusion !== undefined) {
    excluded?.(raised(describe(of, asked, marks), of, asked, later), exclusion.by);
    return undefined;
  }
  if (excluded !== undefined && isRepeat(of, asked, marks, repeats)) return undefined;
  if (of.isFirstOnly) repeats.add(of.detection.id, marks[0]!, asked.time ?? NO_TIME, eventIDOf(record) ?? '');
  return raised(describe(of, asked, marks), of, asked, later);
}

const isRepeat = (of: CompiledDetection, { record, time }: Asked, marks: readonly WindowMark[], repeats: RepeatsInFile): boolean =>
  of.isFirstOnly && repeats.has(of.detection.id, marks[0]!, time ?? NO_TIME, eventIDOf(record) ?? '');

/** Before all others, as windows have such events. */
const NO_TIME = '1970-01-01T00:00:00Z';

/** A hit with the severity that the record alone raises it to, and the marks of raises that count. */
function raised(hit: Hit, of: CompiledDetection, asked: Asked, later: readonly string[]): Hit {
  const { record } = asked;
  for (const raise of of.raises) {
    const isMet = (raise.pattern === undefined || later.includes(raise.pattern)) && raise.where(record, asked);
    if (isMet && raise.marks === undefined) hit.severity = higherOf(hit.severity, raise.to);
    else if (isMet) hit.marks.push(...raise.marks!(record, asked.key, undefined));
  }
  return hit;
}

/** A null is no error: CloudTrail leaves the fields out, copies of its records may not. */
export const wentWell = (record: LazyRecord): boolean => isNothing(record, 'errorCode') && isNothing(record, 'errorMessage');

const isNothing = (record: LazyRecord, field: 'errorCode' | 'errorMessage'): boolean =>
  (record.knows(field) && record.isAbsent(field)) || valuesAt(record, field).every((value) => value === null);

const excludes = ({ pattern, accounts }: CompiledExclusion, { account }: Asked, later: readonly string[]): boolean =>
  later.includes(pattern) && (accounts === undefined || (account !== undefined && accounts.has(account)));

const MAX_ARN = 2048;
/** An eventID has 36 characters; something longer isn't one. */
const MAX_EVENT_ID = 128;

function describe({ detection, title }: CompiledDetection, { entry, record, key, account, time }: Asked, marks: WindowMark[]): Hit {
  const { resources } = entry;
  const eventID = eventIDOf(record);
  const who = whoOf(record);
  const hit: Hit = {
    detection: detection.id,
    severity: detection.severity,
    title: title(record, who),
    what: shortened(whatOf(record), MAX_TEXT),
    resources: resources.slice(0, MAX_RESOURCES).map((arn) => shortened(arn, MAX_ARN)),
    event: eventAt(entry, time ?? UNKNOWN_TIME, eventID),
    marks,
  };
  put(hit, 'who', who);
  put(hit, 'from', textAt(record, 'sourceIPAddress'));
  put(hit, 'account', account);
  put(hit, 'region', valueBy(record, key, 'region'));
  if (eventID === undefined) hit.fingerprint = createHash('sha256').update(entry.record.bytes).digest('hex');
  if (detection.dryRun) hit.dryRun = true;
  return hit;
}

function eventAt({ ref: { bucket, key }, record: { index } }: Entry, time: string, eventID: string | undefined): FindingEvent {
  return eventID === undefined ? { time, bucket, key, index } : { time, bucket, key, index, eventID };
}

function eventIDOf(record: unknown): string | undefined {
  const eventID = textAt(record, 'eventID');
  return eventID === undefined || eventID === '' || eventID.length > MAX_EVENT_ID ? undefined : eventID;
}

function put(hit: Hit, name: 'who' | 'from' | 'account' | 'region', value: string | undefined): void {
  if (value !== undefined) hit[name] = shortened(value, MAX_TEXT);
}
