// What an entry matches, told from the few parts of it that are at hand: most match nothing, and need not be read whole.
import { type CompiledBranch, namesOf } from './candidates.ts';
import { EventValues } from './eventvalues.ts';
import { ABSENT, type Bits, type Clause, type Field, FieldMatcher, hasBit } from './field.ts';
import { DEAD, UNKNOWN } from './lazydfa.ts';
import type { PathNode } from './paths.ts';
import { RecentOutcomes } from './recent.ts';
import { EventScanner, outcomeOfText } from './scanevent.ts';

/** Fields of a CloudTrail record whose values are looked at alone, those that rule out most first. */
const SPANS = ['eventName', 'eventSource', 'errorCode', 'readOnly', 'awsRegion', 'recipientAccountId'] as const;

/** Those that say who called. */
const CALLER_SPANS = (['type', 'invokedBy', 'accessKeyId', 'principalId', 'userName', 'accountId', 'arn'] as const).map(
  (name) => `userIdentity.${name}` as const,
);

/** Asked after those: they rule out least, or are long. */
const LATER_SPANS = ['eventType', 'eventCategory', 'errorMessage', 'sourceIPAddress', 'vpcEndpointId', 'userAgent'] as const;

/** Members that are read whole where rules name other fields inside them. */
const MEMBERS = ['userIdentity', 'requestParameters', 'responseElements', 'additionalEventData'] as const;

type SpanName = (typeof SPANS)[number] | (typeof CALLER_SPANS)[number] | (typeof LATER_SPANS)[number] | (typeof MEMBERS)[number];

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
  /** Undefined where `userIdentity` may not be told by its spans. */
  caller(): SplitCaller | undefined;
}

/** Who has the same `id` has the same `userIdentity`. */
export interface SplitCaller {
  readonly id: number;
  /** A small number, of which the caller met last has it. */
  readonly slot: number;
}

/** An entry with its record split up. */
export interface SplitEntry {
  source: string;
  detailType: string;
  record: SplitDetail;
}

/** What is asked of an entry: a field that rules name, or several at once; and how the outcome is had: from its span, or else by asking. */
interface EntryQuestion {
  /** Its place among the questions. */
  number: number;
  fields: ReadonlySet<Field>;
  /** Where its value has a span of its own. */
  span: SpanName | undefined;
  /** Slot of the span; 0 before a record was seen that tells. */
  slot: number;
  ask: Ask;
  /** Which clauses of one of the fields hold for an outcome of `ask`. */
  bits: (field: Field, outcome: number) => Bits;
}

/** The outcome of a field of an entry, or `UNSURE`. */
type Ask = (entry: SplitEntry) => number;

/** The whole entry must be asked: there are arrays, whose elements count together. */
const UNSURE = -1;

/** For values in spans: of the field's clauses only those of some branches, so that most values are told from them by a few bytes. */
interface Narrow {
  matcher: FieldMatcher;
  bits: EntryQuestion['bits'];
  recent: RecentOutcomes;
}

/** A place in the tree of questions: the branches that may hold after the answers so far, and what is asked next. */
interface Place {
  branches: CompiledBranch[];
  /** Undefined at the end. */
  asks: EntryQuestion | undefined;
  /** Of what it asks, where that has a span. */
  narrow: Narrow | undefined;
  /** At the end the names of the rules that match; undefined where it can't be told. */
  names: readonly string[] | undefined;
  /** By outcome of that matcher. */
  next: (Place | undefined)[];
  /** By outcome of the question, where it was asked. */
  nextAsked: (Place | undefined)[];
}

/** Places kept at most; then the tree begins anew. */
const MAX_PLACES = 5_000;

/**
 * A tree of questions, grown as entries walk it: each asks for the outcome of one field, and drops the branches whose clause fails for it. Where no
 * branch is left nothing matches, whatever stands in the rest of the entry; where all clauses of those that are left were asked, they match.
 * Outcomes and not values lead on, so that the thousand event names no rule names are one way.
 */
export class Prefilter {
  private readonly questions: EntryQuestion[];
  private readonly asked: ReadonlySet<Field>;
  private readonly branches: CompiledBranch[];
  private readonly narrow = new Map<string, Narrow>();
  private places = 0;
  private hasSlots = false;
  private root: Place;

  constructor(branches: CompiledBranch[], root: PathNode, fields: number) {
    this.branches = branches;
    this.questions = questionsIn(root, new PartReader(fields));
    this.asked = new Set(this.questions.flatMap((question) => [...question.fields]));
    this.root = this.place(branches, 0);
  }

  /** Names of the rules an entry matches, or undefined when it must be read whole to tell. */
  names(entry: SplitEntry): readonly string[] | undefined {
    const { record } = entry;
    if (!record.isPlain) return undefined;
    if (!this.hasSlots) this.takeSlots(record);
    let place = this.root;
    while (place.asks !== undefined) {
      const next = this.nextInSpan(place, place.asks, record) ?? this.nextByAsking(place, place.asks, entry);
      if (next === undefined) return undefined;
      place = next;
    }
    return place.names;
  }

  /** Where the answer leads that a plain value gives; undefined where it isn't plain, or has no span. */
  private nextInSpan(place: Place, { slot }: EntryQuestion, { around, spans, base }: SplitDetail): Place | undefined {
    if (slot === 0) return undefined;
    const { matcher, bits, recent } = place.narrow!;
    const start = spans[base + slot]!;
    const outcome = start === 0 ? ABSENT : outcomeAt(matcher, recent, around, start, spans[base + slot + 1]!);
    if (outcome === UNSURE) return undefined;
    return place.next[outcome] ?? this.grow(place, bits, outcome, place.next);
  }

  private nextByAsking(place: Place, { ask, bits }: EntryQuestion, entry: SplitEntry): Place | undefined {
    const outcome = ask(entry);
    return outcome === UNSURE ? undefined : (place.nextAsked[outcome] ?? this.grow(place, bits, outcome, place.nextAsked));
  }

  private takeSlots(record: SplitDetail): void {
    for (const question of this.questions) if (question.span !== undefined) question.slot = record.slotOf(question.span);
    this.hasSlots = true;
  }

  private grow(from: Place, bits: EntryQuestion['bits'], outcome: number, next: (Place | undefined)[]): Place {
    const { fields, number } = from.asks!;
    const left = from.branches.filter(({ clauses }) =>
      clauses.every(({ field, index }) => !fields.has(field) || hasBit(bits(field, outcome), index)),
    );
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
    const asks = this.questions.slice(from).find(({ fields }) => [...fields].some((field) => named.has(field)));
    const isSure = asks === undefined && [...named].every((field) => this.asked.has(field));
    const narrow = asks?.span === undefined ? undefined : this.narrowed([...clauses].filter(({ field }) => asks.fields.has(field)));
    return { branches, asks, narrow, names: isSure ? namesOf([...branches]) : undefined, next: [], nextAsked: [] };
  }

  /** A matcher for some clauses of a field, made once. */
  private narrowed(clauses: Clause[]): Narrow {
    const { field } = clauses[0]!;
    const key = `${field.index}:${clauses.map(({ index }) => index).sort()}`;
    const known = this.narrow.get(key) ?? newNarrow(new FieldMatcher(clauses, field.clauses.length));
    this.narrow.set(key, known);
    return known;
  }
}

const newNarrow = (matcher: FieldMatcher): Narrow => ({
  ...{ matcher, bits: (_, outcome) => matcher.bits(outcome), recent: new RecentOutcomes() },
});

type UnplacedQuestion = Omit<EntryQuestion, 'number' | 'slot'>;

/** The questions there are for the fields that rules name, in the order they are asked. */
function questionsIn(root: PathNode, reader: PartReader): EntryQuestion[] {
  const detail = root.children.get('detail');
  const questions: UnplacedQuestion[] = [
    ...textQuestion(root.children.get('source')?.field, ({ source }) => source),
    ...textQuestion(root.children.get('detail-type')?.field, ({ detailType }) => detailType),
    ...SPANS.flatMap((name) => spanQuestion(name, pathNodeAt(detail, name), reader)),
    ...callerQuestion(CALLER_SPANS.flatMap((name) => spanQuestion(name, pathNodeAt(detail, name), reader))),
    ...LATER_SPANS.flatMap((name) => spanQuestion(name, pathNodeAt(detail, name), reader)),
    ...MEMBERS.flatMap((name) => memberQuestions(name, detail?.children.get(name), reader)),
  ];
  const seen = new Set<Field>();
  const fresh = questions.filter(
    ({ fields }) => ![...fields].every((field) => seen.has(field)) && [...fields].map((field) => seen.add(field)),
  );
  return fresh.map((question, number) => ({ ...question, number, slot: 0 }));
}

const pathNodeAt = (node: PathNode | undefined, path: string): PathNode | undefined =>
  path.split('.').reduce<PathNode | undefined>((at, step) => at?.children.get(step), node);

const ofField = (field: Field, ask: Ask, span?: SpanName): UnplacedQuestion => ({
  ...{ fields: new Set([field]), span, ask, bits: (_, outcome) => field.matcher.bits(outcome) },
});

const textQuestion = (field: Field | undefined, textOf: (entry: SplitEntry) => string): UnplacedQuestion[] =>
  field === undefined ? [] : [ofField(field, (entry) => outcomeOfText(field, textOf(entry)))];

function spanQuestion(name: SpanName, node: PathNode | undefined, reader: PartReader): UnplacedQuestion[] {
  const field = node?.field;
  return field === undefined ? [] : [ofField(field, ({ record }) => reader.outcomeOf(field, name, node!, record), name)];
}

const memberQuestions = (name: SpanName, node: PathNode | undefined, reader: PartReader): UnplacedQuestion[] =>
  node === undefined ? [] : fieldsIn(node).map((field) => ofField(field, ({ record }) => reader.outcomeOf(field, name, node, record)));

/** All that is asked of who called at once: the answer is remembered, for most callers come again. */
function callerQuestion(parts: readonly UnplacedQuestion[]): UnplacedQuestion[] {
  if (parts.length === 0) return [];
  const kinds = new CallerKinds(parts);
  const fields = new Map(parts.map((part, at) => [[...part.fields][0]!, at]));
  const bits = (field: Field, outcome: number) => field.matcher.bits(kinds.outcomes[outcome]![fields.get(field)!]!);
  return [{ fields: new Set(fields.keys()), span: undefined, ask: (entry) => kinds.kindOf(entry), bits }];
}

/** Callers that no rule tells apart are of one kind. */
class CallerKinds {
  /** By kind the outcomes of the parts. */
  readonly outcomes: number[][] = [];
  private readonly parts: readonly UnplacedQuestion[];
  private readonly kinds = new Map<string, number>();
  /** By slot of the caller met last its id and kind. */
  private readonly ids: number[] = [];
  private readonly known: number[] = [];

  constructor(parts: readonly UnplacedQuestion[]) {
    this.parts = parts;
  }

  kindOf(entry: SplitEntry): number {
    const caller = entry.record.caller();
    if (caller === undefined) return UNSURE;
    const { id, slot } = caller;
    if (this.ids[slot] !== id) [this.ids[slot], this.known[slot]] = [id, this.work(entry)];
    return this.known[slot]!;
  }

  private work(entry: SplitEntry): number {
    const outcomes = this.parts.map((part) => outcomeOfPart(part, entry));
    if (outcomes.includes(UNSURE)) return UNSURE;
    const key = outcomes.join(' ');
    const kind = this.kinds.get(key) ?? this.outcomes.push(outcomes) - 1;
    this.kinds.set(key, kind);
    return kind;
  }
}

function outcomeOfPart({ fields, span, ask }: UnplacedQuestion, entry: SplitEntry): number {
  const { record } = entry;
  if (!record.splitIdentity()) return UNSURE;
  const at = record.base + record.slotOf(span!);
  const start = record.spans[at]!;
  if (start === 0) return ABSENT;
  const [field] = fields;
  const outcome = outcomeAt(field!.matcher, undefined, record.around, start, record.spans[at + 1]!);
  return outcome === UNSURE ? ask(entry) : outcome;
}

/** The fields at and below a node. */
const fieldsIn = (node: PathNode): Field[] => [
  ...(node.field === undefined ? [] : [node.field]),
  ...[...node.children.values()].flatMap(fieldsIn),
];

const QUOTE = 0x22;

/** The outcome of a plain string or a word; `UNSURE` for anything else. */
function outcomeAt(matcher: FieldMatcher, recent: RecentOutcomes | undefined, bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== QUOTE) return outcomeOfWord(matcher, bytes[start]!);
  const known = recent?.get(bytes, start, end);
  if (known !== undefined) return known;
  const outcome = matcher.hasAddresses ? UNSURE : outcomeOfString(matcher, bytes, start + 1, end - 1);
  if (outcome !== UNSURE) recent?.put(bytes, start, end, outcome);
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
