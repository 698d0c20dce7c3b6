// Everything rules ask of one field: which of its clauses hold for a value, worked out once for each kind of value and then looked up.
import { ipAddressOf, unmapped } from './address.ts';
import type { AnythingButMatcher, Bound, CidrMatcher, Leaf, Matcher, NumericMatcher } from './ast.ts';
import { Interned } from './interned.ts';
import { Intervals } from './intervals.ts';
import { LazyDfa } from './lazydfa.ts';
import { Nfa, type TextShape } from './nfa.ts';
import { comparableNumber } from './number.ts';

/** One list of matchers on a path, shared by all branches that have the same list there. `index` is its place in its field. */
export interface Clause {
  field: Field;
  index: number;
  leaf: Leaf;
  /** How many branches use it. */
  uses: number;
}

/** Which clauses of a field hold: bit `index & 31` of word `index >> 5`. */
export type Bits = Int32Array;

export const hasBit = (bits: Bits, index: number): boolean => ((bits[index >> 5]! >>> (index & 31)) & 1) === 1;

const setBit = (bits: Bits, index: number): void => {
  bits[index >> 5]! |= 1 << (index & 31);
};

/** The outcome of a field that isn't in the event. */
export const ABSENT = 0;

/** A matcher that holds unless one of its texts or numbers is met. */
interface ExcludingMatcher {
  clause: number;
}

/** What one text predicate means: clauses it makes hold, exclusions it breaks. */
interface Effect {
  clauses: number[];
  exclusions: number[];
}

const effectIn = <K>(map: Map<K, Effect>, key: K): Effect => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = { clauses: [], exclusions: [] };
  map.set(key, made);
  return made;
};

/**
 * A path some rule names. Outcomes are numbers: `bits(outcome)` says which clauses hold; two values with the same outcome can't be told apart by
 * any rule. Outcome 0 is the absence of the field.
 */
export class Field {
  readonly path: string;
  /** Its number in the rule set. */
  index = 0;
  readonly clauses: Clause[] = [];
  private readonly byText = new Map<string, Clause>();
  private readyMatcher: FieldMatcher | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** The clause for a leaf; leaves written alike (`text`) share one. */
  clauseFor(leaf: Leaf, text: string): Clause {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const clause = { field: this, index: this.clauses.length, leaf, uses: 0 };
    this.byText.set(text, clause);
    this.clauses.push(clause);
    this.readyMatcher = undefined;
    return clause;
  }

  /** Forgets clauses no branch uses; gives whether the field is still used. */
  prune(): boolean {
    if (this.clauses.every((clause) => clause.uses > 0)) return true;
    for (const [text, clause] of this.byText) if (clause.uses === 0) this.byText.delete(text);
    this.clauses.splice(0, this.clauses.length, ...this.byText.values());
    this.clauses.forEach((clause, index) => {
      clause.index = index;
    });
    this.readyMatcher = undefined;
    return this.clauses.length > 0;
  }

  /** Forgets the outcomes met so far. */
  forget(): void {
    this.readyMatcher = undefined;
  }

  /** Whether its matcher has met so many different outcomes that it should be made anew. */
  get crowded(): boolean {
    return this.readyMatcher?.crowded === true;
  }

  /** The matcher for the clauses as they are now, made when an event first has the field or a rule first asks for it. */
  get matcher(): FieldMatcher {
    this.readyMatcher ??= new FieldMatcher(this.clauses);
    return this.readyMatcher;
  }
}

/** Finds the outcome of a value for the clauses of one field. Texts, numbers, literals and addresses each have their own way. */
export class FieldMatcher {
  readonly lazyDfa: LazyDfa;
  /** Whether any clause looks at addresses, so that strings must be tried as one. */
  readonly hasAddresses: boolean;
  /** Whether any clause looks at the value of a number; if not, all numbers are alike. */
  readonly hasNumbers: boolean;
  /** The outcome of a number no clause looks at. */
  readonly anyNumber: number;
  readonly ofTrue: number;
  readonly ofFalse: number;
  readonly ofNull: number;
  /** Whether any clause holds where the field is absent. */
  readonly hasAbsence: boolean;
  /** Bits of each outcome. */
  readonly outcomes: Bits[] = [];
  private readonly known = new Interned<number>();
  private readonly unions = new Map<number, number>();
  private readonly words: number;

  private readonly present: Bits;
  private readonly exclusions: ExcludingMatcher[] = [];
  private readonly texts: Effect[] = [];
  private readonly numbers = new Map<number, Effect>();
  private readonly numberTexts = new Map<string, Effect>();
  private readonly literals = new Map<true | false | null, Effect>();
  private readonly ranges: { range: NumericMatcher; clause: number }[] = [];
  private readonly addresses = new Map<string, Effect>();
  private readonly blocks: { block: CidrMatcher; clause: number }[] = [];

  private readonly numberPlaces: KnownPlaces<number>;
  private readonly v4: KnownPlaces<number>;
  private readonly v6: KnownPlaces<string>;

  /** @param width  how many clauses the field has, where these are only some of them */
  constructor(clauses: readonly Clause[], width = clauses.length) {
    this.words = (width + 31) >> 5;
    this.present = new Int32Array(this.words);
    const absent = new Int32Array(this.words);
    const shapes = new TextPredicates();
    for (const clause of clauses) for (const matcher of clause.leaf.matchers) this.take(matcher, clause.index, absent, shapes);
    this.texts = shapes.effects;
    this.lazyDfa = new LazyDfa(shapes.nfa);
    this.outcomes.push(absent);
    const numbers = [...this.numbers.keys(), ...this.ranges.flatMap(({ range }) => pointsOf(range))];
    this.numberPlaces = new KnownPlaces(numbers);
    const addresses = [...this.addresses.keys(), ...this.blocks.flatMap(({ block }) => [block.low, block.high])];
    this.v4 = new KnownPlaces(addresses.filter((each) => each.length === 8).map((each) => Number.parseInt(each, 16)));
    this.v6 = new KnownPlaces(addresses.filter((each) => each.length === 32));
    this.hasAddresses = addresses.length > 0;
    this.hasNumbers = numbers.length > 0 || this.numberTexts.size > 0;
    this.hasAbsence = absent.some((word) => word !== 0);
    this.anyNumber = this.outcomeOf([]);
    this.ofTrue = this.outcomeOf([this.literals.get(true) ?? NOTHING]);
    this.ofFalse = this.outcomeOf([this.literals.get(false) ?? NOTHING]);
    this.ofNull = this.outcomeOf([this.literals.get(null) ?? NOTHING]);
  }

  /** Puts one matcher of a clause where values of its kind will find it. */
  private take(matcher: Matcher, clause: number, absent: Bits, shapes: TextPredicates): void {
    const shape = shapeOf(matcher);
    if (shape !== undefined) shapes.effectOf(shape).clauses.push(clause);
    else if (matcher.kind === 'string') effectIn(this.addresses, matcher.address!).clauses.push(clause);
    else if (matcher.kind === 'number') this.takeNumber(matcher.value, matcher.text).clauses.push(clause);
    else if (matcher.kind === 'literal') effectIn(this.literals, matcher.value).clauses.push(clause);
    else if (matcher.kind === 'numeric') this.ranges.push({ range: matcher, clause });
    else if (matcher.kind === 'cidr') this.blocks.push({ block: matcher, clause });
    else if (matcher.kind === 'exists') setBit(matcher.value ? this.present : absent, clause);
    else if (matcher.kind === 'anything-but') this.takeExclusion(matcher, clause, shapes);
  }

  private takeNumber(value: number | undefined, text: string): Effect {
    return value === undefined ? effectIn(this.numberTexts, text) : effectIn(this.numbers, value);
  }

  private takeExclusion({ but }: AnythingButMatcher, clause: number, shapes: TextPredicates): void {
    const exclusion = this.exclusions.push({ clause }) - 1;
    if (but.kind === 'number') for (const value of but.values) effectIn(this.numbers, value).exclusions.push(exclusion);
    else for (const shape of excludedShapes(but)) shapes.effectOf(shape).exclusions.push(exclusion);
  }

  bits(outcome: number): Bits {
    return this.outcomes[outcome]!;
  }

  /** The outcome of a string whose bytes led the lazy DFA to `state`; addresses aside. */
  ofState(state: number): number {
    const { table, note } = this.lazyDfa;
    const known = table[state + note]!;
    return known >= 0 ? known : this.ofNewState(state);
  }

  private ofNewState(state: number): number {
    const { note } = this.lazyDfa;
    const outcome = this.outcomeOf(this.lazyDfa.accepted(state).map((predicate) => this.texts[predicate]!));
    this.lazyDfa.table[state + note] = outcome;
    return outcome;
  }

  /** The outcome of a number that can be compared. */
  ofNumber(value: number): number {
    if (!this.hasNumbers) return this.anyNumber;
    return this.numberPlaces.outcomeOf(value, () => this.ofComparable(value));
  }

  private ofComparable(value: number): number {
    const held = this.ranges.filter(({ range }) => inRange(value, range)).map(({ clause }) => clause);
    return this.outcomeOf([this.numbers.get(value) ?? NOTHING, { clauses: held, exclusions: [] }]);
  }

  /** The outcome of a number by its text, undefined for what isn't one. Whether it can be compared is only looked at where that matters. */
  ofNumberText(text: string): number | undefined {
    const value = Number(text) + 0;
    if (Number.isNaN(value)) return undefined;
    const outcome = Number.isFinite(value) ? this.ofNumber(value) : this.anyNumber;
    if (outcome === this.anyNumber && this.numberTexts.size === 0) return outcome;
    if (comparableNumber(text) !== undefined) return outcome;
    return this.ofUncomparable(text);
  }

  /**
   * The outcome of a number whose text is lost. Numbers of patterns that a double can't hold (`9007199254740993`) are compared by the double they
   * would have become.
   */
  ofParsedNumber(value: number): number {
    const outcome = Number.isFinite(value) ? this.ofNumber(value + 0) : this.anyNumber;
    if (this.numberTexts.size === 0) return outcome;
    const alike = [...this.numberTexts.keys()].filter((text) => Number(text) === value);
    return alike.reduce((union, text) => this.union(union, this.ofUncomparable(text)), outcome);
  }

  private ofUncomparable(text: string): number {
    const effect = this.numberTexts.get(text);
    return effect === undefined ? this.anyNumber : this.outcomeOf([effect]);
  }

  /** The outcome of a string that is a v4 address, `number`, together with `outcome`, what it is as text. */
  withV4(outcome: number, number: number): number {
    return this.union(
      outcome,
      this.v4.outcomeOf(number, () => this.ofAddress(number, 8)),
    );
  }

  /**
   * The outcome of a string as text, `outcome`, together with what it is as an address, if it is one. A v4 address written as v6 lies in v4 blocks only,
   * and equals the v6 spellings of itself.
   */
  withAddress(outcome: number, text: string): number {
    const address = ipAddressOf(text);
    if (address === undefined) return outcome;
    const plain = unmapped(address);
    if (plain.length === 32) return this.union(outcome, this.ofSixteenBytes(address));
    const asV4 = this.withV4(outcome, Number.parseInt(plain, 16));
    return address.length === 8 ? asV4 : this.union(asV4, this.numbered(this.bitsOfLiterals(address)));
  }

  private ofSixteenBytes(address: string): number {
    return this.v6.outcomeOf(address, () => this.ofAddress(address, 32));
  }

  /** The outcome of an address for the clauses that look at addresses, whatever it is as text. */
  private ofAddress(given: number | string, digits: number): number {
    const address = typeof given === 'string' ? given : given.toString(16).padStart(digits, '0');
    const bits = this.bitsOfLiterals(address);
    for (const { block, clause } of this.blocks) if (inBlock(address, block)) setBit(bits, clause);
    return this.numbered(bits);
  }

  private bitsOfLiterals(address: string): Bits {
    const bits = new Int32Array(this.words);
    for (const clause of this.addresses.get(address)?.clauses ?? []) setBit(bits, clause);
    return bits;
  }

  /** The outcome where a clause holds if it holds in either. */
  union(left: number, right: number): number {
    if (left === right) return left;
    const key = left < right ? left * 0x4000000 + right : right * 0x4000000 + left;
    const known = this.unions.get(key);
    if (known !== undefined) return known;
    const other = this.bits(right);
    const outcome = this.numbered(this.bits(left).map((word, index) => word | other[index]!));
    if (this.unions.size > MAX_UNIONS) this.unions.clear();
    this.unions.set(key, outcome);
    return outcome;
  }

  private outcomeOf(effects: Effect[]): number {
    const bits = this.present.slice();
    const broken = new Set(effects.flatMap((effect) => effect.exclusions));
    this.exclusions.forEach(({ clause }, exclusion) => {
      if (!broken.has(exclusion)) setBit(bits, clause);
    });
    for (const effect of effects) for (const clause of effect.clauses) setBit(bits, clause);
    return this.numbered(bits);
  }

  /** The number of these bits; 0 is never given, the field being there. */
  private numbered(bits: Bits): number {
    return this.known.of(bits, () => this.outcomes.push(bits) - 1);
  }

  /** Whether so many different outcomes were met that this matcher should be made anew. */
  get crowded(): boolean {
    return this.outcomes.length * (this.words + 16) > MAX_WORDS;
  }
}

/** Most memory for the outcomes of a field, in words of 4 bytes. */
const MAX_WORDS = 1 << 21;

const MAX_UNIONS = 10_000;
const NOTHING: Effect = { clauses: [], exclusions: [] };

/** Outcomes of values by their place between points, worked out when first met. */
class KnownPlaces<T extends number | string> {
  private readonly places: Intervals<T>;
  private readonly outcomes: Int32Array;

  constructor(points: T[]) {
    this.places = new Intervals(points);
    this.outcomes = new Int32Array(this.places.size).fill(-1);
  }

  outcomeOf(value: T, workOut: () => number): number {
    const place = this.places.indexOf(value);
    if (this.outcomes[place] === -1) this.outcomes[place] = workOut();
    return this.outcomes[place]!;
  }
}

const inBlock = (address: string, block: CidrMatcher): boolean =>
  address.length === block.low.length && block.low <= address && address <= block.high;

const pointsOf = ({ low, high }: NumericMatcher): number[] => [low, high].flatMap((bound) => (bound === undefined ? [] : [bound.value]));

const inRange = (value: number, { low, high }: NumericMatcher): boolean => above(value, low) && below(value, high);

const above = (value: number, bound: Bound | undefined): boolean =>
  bound === undefined || value > bound.value || (bound.inclusive && value === bound.value);

const below = (value: number, bound: Bound | undefined): boolean =>
  bound === undefined || value < bound.value || (bound.inclusive && value === bound.value);

/** The text predicates of a field, each of them once. */
class TextPredicates {
  readonly nfa = new Nfa();
  readonly effects: Effect[] = [];
  private readonly known = new Map<string, Effect>();

  effectOf(shape: TextShape): Effect {
    const key = `${shape.ignoreCase ? 'i' : ''}${JSON.stringify(shape.parts)}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const effect = effectIn(this.known, key);
    this.effects[this.nfa.add(shape)] = effect;
    return effect;
  }
}

/** A matcher as a text predicate; undefined for those that don't look at text. */
function shapeOf(matcher: Matcher): TextShape | undefined {
  if (matcher.kind === 'string' && matcher.address === undefined) return { parts: [matcher.value], ignoreCase: false };
  if (matcher.kind === 'prefix') return { parts: [matcher.value, ''], ignoreCase: matcher.ignoreCase };
  if (matcher.kind === 'suffix') return { parts: ['', matcher.value], ignoreCase: matcher.ignoreCase };
  if (matcher.kind === 'equals-ignore-case') return { parts: [matcher.value], ignoreCase: true };
  if (matcher.kind === 'wildcard') return { parts: matcher.parts, ignoreCase: false };
  return undefined;
}

function excludedShapes(but: Exclude<AnythingButMatcher['but'], { kind: 'number' }>): TextShape[] {
  if (but.kind === 'wildcard') return but.parts.map((parts) => ({ parts, ignoreCase: false }));
  return but.values.map((value) => ({ parts: partsOf(but.kind, value), ignoreCase: but.kind === 'equals-ignore-case' }));
}

const partsOf = (kind: string, value: string): string[] => (kind === 'prefix' ? [value, ''] : kind === 'suffix' ? ['', value] : [value]);
