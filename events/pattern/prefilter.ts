// What an entry matches, told from the few parts of it that are at hand: most match nothing, and need not be read whole.
import { type CompiledBranch, namesOf } from './candidates.ts';
import { EventValues } from './eventvalues.ts';
import { ABSENT, type Bits, type Clause, type Field, FieldMatcher, hasBit } from './field.ts';
import { DEAD, UNKNOWN } from './lazydfa.ts';
import type { PathNode } from './paths.ts';
import { RecentOutcomes } from './recent.ts';
import { EventScanner, outcomeOfText } from './scanevent.ts';

/** Fields of a CloudTrail record whose values are looked at alone, those that rule out most first. */
const SPANS = [
  ...(['eventName', 'eventSource', 'errorCode', 'readOnly', 'awsRegion', 'eventType', 'recipientAccountId'] as const),
  ...([
    'userIdentity.type',
    'userIdentity.invokedBy',
    'userIdentity.accessKeyId',
    'userIdentity.principalId',
    'userIdentity.userName',
  ] as const),
  ...(['userIdentity.accountId', 'userIdentity.arn', 'eventCategory', 'errorMessage', 'sourceIPAddress', 'userAgent'] as const),
];

/** Members that are read whole where rules name other fields inside them. */
const MEMBERS = ['userIdentity', 'requestParameters'] as const;

type SpanName = (typeof SPANS)[number] | (typeof MEMBERS)[number];

/** A record whose fields were found by whoever checked that it is JSON. */
export interface SplitDetail {
  /** False where the spans may not tell all: a field that stands there twice, a key with an escape or a dot in it. */
  readonly isPlain: boolean;
  /** The bytes the spans lie in. Invariant: JSON was found there. */
  readonly around: Uint8Array;
  /** From `base + slotOf(name)` on: where the field's value begins, 0 when there is no such field, then where it ends. */
  readonly spans: Int32Array;
  readonly base: number;
  /** The same for every record. */
  slotOf(name: SpanName): number;
  /** Finds the fields of `userIdentity`, which have no spans before. @returns `isPlain`, of them too */
  splitIdentity(): boolean;
}

/** An entry with its record split up. */
export interface SplitEntry {
  source: string;
  detailType: string;
  record: SplitDetail;
}

/** One field that rules name, and how its outcome is had: from its span, or else by asking. */
interface FieldQuestion {
  field: Field;
  /** Its place among the questions. */
  number: number;
  /** Where its value has a span of its own. */
  span: SpanName | undefined;
  isOfIdentity: boolean;
  /** Slot of the span; 0 before a record was seen that tells. */
  slot: number;
  ask: Ask;
}

/** The outcome of a field of an entry, or `UNSURE`. */
type Ask = (entry: SplitEntry) => number;

/** The whole entry must be asked: there are arrays, whose elements count together. */
const UNSURE = -1;

/** For values in spans: of the field's clauses only those of some branches, so that most values are told from them by a few bytes. */
interface Narrow {
  matcher: FieldMatcher;
  recent: RecentOutcomes;
}

/** A place in the tree of questions: the branches that may hold after the answers so far, and what is asked next. */
interface Place {
  branches: CompiledBranch[];
  /** Undefined at the end. */
  asks: FieldQuestion | undefined;
  /** Of what it asks, where that has a span. */
  narrow: Narrow | undefined;
  /** At the end the names of the rules that match; undefined where it can't be told. */
  names: readonly string[] | undefined;
  /** By outcome of that matcher. */
  next: (Place | undefined)[];
  /** By outcome of the field's own matcher, where the value had to be read by it. */
  nextRead: (Place | undefined)[];
}

/** Places kept at most; then the tree begins anew. */
const MAX_PLACES = 5_000;

/**
 * A tree of questions, grown as entries walk it: each asks for the outcome of one field, and drops the branches whose clause fails for it. Where no
 * branch is left nothing matches, whatever stands in the rest of the entry; where all clauses of those that are left were asked, they match.
 * Outcomes and not values lead on, so that the thousand event names no rule names are one way.
 */
export class Prefilter {
  private readonly questions: FieldQuestion[];
  private readonly asked: ReadonlySet<Field>;
  private readonly branches: CompiledBranch[];
  private readonly narrow = new Map<string, Narrow>();
  private places = 0;
  private hasSlots = false;
  private root: Place;

  constructor(branches: CompiledBranch[], root: PathNode, fields: number) {
    this.branches = branches;
    this.questions = questionsIn(root, new PartReader(fields));
    this.asked = new Set(this.questions.map(({ field }) => field));
    this.root = this.place(branches, 0);
  }

  /** Names of the rules an entry matches, or undefined when it must be read whole to tell. */
  names(entry: SplitEntry): readonly string[] | undefined {
    const { record } = entry;
    if (!record.isPlain) return undefined;
    if (!this.hasSlots) this.takeSlots(record);
    let place = this.root;
    while (place.asks !== undefined) {
      if (place.asks.isOfIdentity && !record.splitIdentity()) return undefined;
      const next = this.nextInSpan(place, place.asks, record) ?? this.nextByReading(place, place.asks, entry);
      if (next === undefined) return undefined;
      place = next;
    }
    return place.names;
  }

  /** Where the answer leads that a plain value gives; undefined where it isn't plain, or has no span. */
  private nextInSpan(place: Place, { slot }: FieldQuestion, { around, spans, base }: SplitDetail): Place | undefined {
    if (slot === 0) return undefined;
    const start = spans[base + slot]!;
    const outcome = start === 0 ? ABSENT : outcomeAt(place.narrow!, around, start, spans[base + slot + 1]!);
    return outcome === UNSURE ? undefined : (place.next[outcome] ?? this.grow(place, place.narrow!.matcher, outcome, place.next));
  }

  private nextByReading(place: Place, { field, ask }: FieldQuestion, entry: SplitEntry): Place | undefined {
    const outcome = ask(entry);
    return outcome === UNSURE ? undefined : (place.nextRead[outcome] ?? this.grow(place, field.matcher, outcome, place.nextRead));
  }

  private takeSlots(record: SplitDetail): void {
    for (const question of this.questions) if (question.span !== undefined) question.slot = record.slotOf(question.span);
    this.hasSlots = true;
  }

  private grow(from: Place, matcher: FieldMatcher, outcome: number, next: (Place | undefined)[]): Place {
    const { field, number } = from.asks!;
    const bits = matcher.bits(outcome);
    const left = from.branches.filter(({ clauses }) => allows(clauses, field, bits));
    const place = this.place(left, number + 1);
    if (++this.places > MAX_PLACES) this.forget();
    else next[outcome] = place;
    return place;
  }

  private forget(): void {
    this.places = 0;
    this.narrow.clear();
    this.root = this.place(this.branches, 0);
  }

  /** The place after the questions before `from`: what it asks is the first question that tells any of its branches apart. */
  private place(branches: CompiledBranch[], from: number): Place {
    const clauses = new Set(branches.flatMap((branch) => branch.clauses));
    const named = new Set([...clauses].map(({ field }) => field));
    const asks = this.questions.slice(from).find(({ field }) => named.has(field));
    const isSure = asks === undefined && [...named].every((field) => this.asked.has(field));
    const narrow = asks?.span === undefined ? undefined : this.narrowed([...clauses].filter(({ field }) => field === asks.field));
    return { branches, asks, narrow, names: isSure ? namesOf([...branches]) : undefined, next: [], nextRead: [] };
  }

  /** A matcher for some clauses of a field, made once. */
  private narrowed(clauses: Clause[]): Narrow {
    const { field } = clauses[0]!;
    const key = `${field.index}:${clauses.map(({ index }) => index).sort()}`;
    const known = this.narrow.get(key) ?? { matcher: new FieldMatcher(clauses, field.clauses.length), recent: new RecentOutcomes() };
    this.narrow.set(key, known);
    return known;
  }
}

const allows = (clauses: Clause[], field: Field, bits: Bits): boolean =>
  clauses.every((clause) => clause.field !== field || hasBit(bits, clause.index));

/** The questions there are for the fields that rules name, in the order they are asked. */
function questionsIn(root: PathNode, reader: PartReader): FieldQuestion[] {
  const detail = root.children.get('detail');
  const questions: [Field | undefined, Ask, SpanName?][] = [
    textQuestion(root.children.get('source')?.field, ({ source }) => source),
    textQuestion(root.children.get('detail-type')?.field, ({ detailType }) => detailType),
    ...SPANS.map((name) => spanQuestion(name, pathNodeAt(detail, name), reader)),
    ...MEMBERS.flatMap((name) => memberQuestions(name, detail?.children.get(name), reader)),
  ];
  const seen = new Set<Field>();
  return questions.flatMap(([field, ask, span]) => {
    if (field === undefined || seen.has(field)) return [];
    seen.add(field);
    return [{ field, number: seen.size - 1, span, isOfIdentity: span?.startsWith('userIdentity.') === true, slot: 0, ask }];
  });
}

const pathNodeAt = (node: PathNode | undefined, path: string): PathNode | undefined =>
  path.split('.').reduce<PathNode | undefined>((at, step) => at?.children.get(step), node);

const textQuestion = (field: Field | undefined, textOf: (entry: SplitEntry) => string): [Field | undefined, Ask] => [
  field,
  (entry) => outcomeOfText(field!, textOf(entry)),
];

const spanQuestion = (name: SpanName, node: PathNode | undefined, reader: PartReader): [Field | undefined, Ask, SpanName] => [
  node?.field,
  ({ record }) => reader.outcomeOf(node!.field!, name, node!, record),
  name,
];

const memberQuestions = (name: SpanName, node: PathNode | undefined, reader: PartReader): [Field, Ask][] =>
  node === undefined ? [] : fieldsIn(node).map((field) => [field, ({ record }) => reader.outcomeOf(field, name, node, record)]);

/** The fields at and below a node. */
const fieldsIn = (node: PathNode): Field[] => [
  ...(node.field === undefined ? [] : [node.field]),
  ...[...node.children.values()].flatMap(fieldsIn),
];

const QUOTE = 0x22;

/** The outcome of a plain string or a word; `UNSURE` for anything else. */
function outcomeAt({ matcher, recent }: Narrow, bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== QUOTE) return outcomeOfWord(matcher, bytes[start]!);
  const known = recent.get(bytes, start, end);
  if (known !== undefined) return known;
  const outcome = matcher.hasAddresses ? UNSURE : outcomeOfString(matcher, bytes, start + 1, end - 1);
  if (outcome !== UNSURE) recent.put(bytes, start, end, outcome);
  return outcome;
}

/** Runs the field's lazy DFA over a string's inside, as `scanevent.ts` does; an escape may stand for anything. */
function outcomeOfString(matcher: FieldMatcher, bytes: Uint8Array, from: number, to: number): number {
  const { lazyDfa } = matcher;
  const classes = lazyDfa.rawClasses;
  let table = lazyDfa.table;
  let state = lazyDfa.start;
  for (let at = from; at < to && state !== DEAD; at++) {
    const byteClass = classes[bytes[at]!]!;
    const next = table[state + byteClass]!;
    if (next >= DEAD) state = next;
    else if (next === UNKNOWN) {
      state = lazyDfa.advance(state, byteClass);
      table = lazyDfa.table;
    } else return UNSURE;
  }
  return matcher.ofState(state);
}

function outcomeOfWord(matcher: FieldMatcher, first: number): number {
  if (first === 0x74) return matcher.ofTrue;
  if (first === 0x66) return matcher.ofFalse;
  return first === 0x6e ? matcher.ofNull : UNSURE;
}

/** Reads a part of a record whole, once for all its fields that are asked for. */
class PartReader {
  private readonly values: EventValues;
  private readonly scanner: EventScanner;
  /** What the values are of. */
  private record: SplitDetail | undefined;
  private name: SpanName | undefined;
  private isSure = true;

  constructor(fields: number) {
    this.values = new EventValues(fields);
    this.scanner = new EventScanner(this.values);
  }

  outcomeOf(field: Field, name: SpanName, node: PathNode, record: SplitDetail): number {
    if (this.record !== record || this.name !== name) this.read(name, node, record);
    return this.isSure ? this.values.outcomes[field.index]! : UNSURE;
  }

  private read(name: SpanName, node: PathNode, record: SplitDetail): void {
    this.values.clear();
    [this.record, this.name] = [undefined, undefined];
    const at = record.base + record.slotOf(name);
    const start = record.spans[at]!;
    this.isSure = start === 0 || this.scanner.scanPart(record.around, start, record.spans[at + 1]!, node);
    [this.record, this.name] = [record, name];
  }
}
