// Hits and what is remembered of earlier ones to findings: each told when it opens, when it gets severer, when it has ten times as many events.
import { DeliveryError } from '../errors.ts';
import { DEFAULT_STORM_LIMIT, type Finding, higherOf } from '../finding.ts';
import type { Detection } from './detectionfile.ts';
import type { FindingState, StateValue, TellFindings } from './doors.ts';
import { LearningCell, type SeenEvent, ValueCell } from './firstseen.ts';
import type { Hit, WindowMark } from './hit.ts';
import type { StateCell, Taken } from './statecell.ts';
import { HourCell, hourOf, MAX_STORM_LIMIT } from './storm.ts';
import { type CountedWindow, type DetectionWindows, type Enough, type FirstSeenWindow, type WindowGroup, windowsOf } from './window.ts';
import { periodsOf, WindowCell } from './windowcell.ts';
import { eventIdOf, SharedTexts, secondsOfEvent, shortHash, wordsOfHit } from './windowevent.ts';

export interface FindingMakerOptions {
  /** The clock, in seconds since 1970. Without one nothing is late, and nobody else tells: on a laptop. */
  now?: () => number;
  /** How long a teller has before it counts as dead, in seconds: less than its hits take to come again. Default 60. */
  claimSeconds?: number;
  /** How long `firstSeen` learns where the detection doesn't say, in seconds. Default seven days. */
  learnSeconds?: number;
  /** Findings of one rule in an hour that are told each on its own. Default 50. */
  stormLimit?: number;
  /** Waits after a write was refused for the nth time, so that those who collide don't meet again. */
  pause?: (attempt: number) => Promise<void>;
}

export interface TakenHits {
  /** Told now, and confirmed. */
  told: Finding[];
  /** Of detections on trial: counted, told to nobody. */
  dryRun: Finding[];
  /** Events that came later than their window is sure to be remembered. */
  late: number;
  /** Hits of detections that are not known here. */
  unknown: number;
  /** The findings these hits belong to, as they stand, whether told now or before. */
  standing: () => Finding[];
}

/** Times a write is tried against others who write the same item. */
const MAX_ATTEMPTS = 30;
/** Items written at the same time. */
const MAX_WRITES = 25;

const DEFAULT_CLAIM_SECONDS = 60;
const DEFAULT_LEARN_SECONDS = 7 * 24 * 3600;

/** A cell that was taken, as it stands in the state. */
interface Done {
  cell: StateCell;
  taken: Taken;
  /** Its version in the state. */
  version: number | undefined;
}

interface KnownDetection {
  detection: Detection;
  windows: DetectionWindows;
}

interface KnownHit {
  hit: Hit;
  of: KnownDetection;
  /** eventTime in seconds. */
  time: number;
}

/** Makes findings of hits, over a state that others may use at the same time. */
export class FindingMaker {
  private readonly detections: ReadonlyMap<string, KnownDetection>;
  private readonly state: FindingState;
  private readonly options: FindingMakerOptions;
  private readonly stormLimit: number;
  private readonly shared = new SharedTexts();
  private readonly sharedMarks = new SharedMarks();
  /** The newest eventTime met. */
  private newest = 0;

  constructor(detections: readonly Detection[], state: FindingState, options: FindingMakerOptions = {}) {
    this.detections = new Map(detections.map((detection) => [detection.id, { detection, windows: windowsOf(detection) }]));
    this.state = state;
    this.options = options;
    this.stormLimit = Math.max(1, Math.min(MAX_STORM_LIMIT, options.stormLimit ?? DEFAULT_STORM_LIMIT));
  }

  /**
   * Takes hits into the state, tells what they come to, and confirms it there. When it throws, the same hits have to come again: what was confirmed is
   * not told a second time, what was not is.
   * @throws what the state or `tell` threw; DeliveryError when others were faster too often, or are telling the same
   */
  async take(hits: readonly Hit[], tell: TellFindings): Promise<TakenHits> {
    const known = hits.flatMap((hit) => this.knownHit(hit) ?? []);
    for (const { time } of known) this.newest = Math.max(this.newest, time);
    const learning = new Cells();
    const seen = this.seenCells(known, learning);
    throwFirst((await this.takeAll(learning)).errors);
    const values = await this.takeAll(seen);
    // What wasn't seen for certain must not lift anything.
    const counted = values.errors.length > 0 ? new Cells() : this.countedCells(known, seen);
    const windows = await this.takeAll(counted);
    const done = [...values.done, ...windows.done];
    const [dry, real] = [done.filter(({ cell }) => isDry(cell.key)), done.filter(({ cell }) => !isDry(cell.key))];
    const told = await this.tellAndSettle(real, tell);
    const dryRun = await this.tellAndSettle(dry, async () => undefined);
    throwFirst([...values.errors, ...windows.errors]);
    if (done.some(({ taken }) => taken.isBusy)) throw beingTold();
    return {
      ...{ told, dryRun: dryRun.map(onTrial), unknown: hits.length - known.length, late: this.lateIn(counted) },
      standing: () => real.flatMap(({ taken }) => taken.standing()),
    };
  }

  private knownHit(hit: Hit): KnownHit | undefined {
    const of = this.detections.get(hit.detection);
    return of && { hit, of, time: secondsOfEvent(hit.event) };
  }

  private get now(): number {
    return this.options.now?.() ?? this.newest;
  }

  private lateIn(cells: Cells): number {
    const now = this.options.now?.();
    return now === undefined ? 0 : new Set([...cells.all()].flatMap((cell) => cell.lateAt(now))).size;
  }

  /** What `firstSeen` windows look at. */
  private seenCells(hits: readonly KnownHit[], learning: Cells): Cells {
    const cells = new Cells();
    for (const { hit, of, time } of hits) {
      const { detection, windows } = of;
      for (const window of windows.firstSeen)
        for (const mark of hit.marks) {
          if (mark.window !== window.name || mark.value === undefined) continue;
          const began = learning.at(keyOf('learn', hit, window.name), (key) => new LearningCell(key));
          began.add(time);
          const cell = cells.at(valueKey(hit, mark), (key) => this.valueCell(key, detection, window, began, mark));
          cell.add(seenEventOf(hit, time, this.shared));
        }
    }
    return cells;
  }

  private valueCell(key: string, detection: Detection, window: FirstSeenWindow, began: LearningCell, mark: WindowMark): ValueCell {
    const seconds = window.learn ?? this.options.learnSeconds ?? DEFAULT_LEARN_SECONDS;
    return new ValueCell(key, detection, window, { since: () => began.since, seconds }, { by: mark.key, value: mark.value! });
  }

  /** What is counted: by window, key and period, or by rule and hour. */
  private countedCells(hits: readonly KnownHit[], seen: Cells): Cells {
    const cells = new Cells();
    for (const { hit, of, time } of hits) {
      const { detection, windows } = of;
      if (windows.groups.length === 0 && !windows.isAlone) continue;
      const lifted = liftedBy(hit, windows, seen);
      const event = seenEventOf(lifted, time, this.shared);
      for (const group of windows.groups) this.addToWindows(cells, detection, group, lifted, event);
      if (!windows.isAlone) continue;
      const cell = cells.at(
        keyOf('hour', hit, String(hourOf(event.time))),
        (key) => new HourCell(key, detection, hourOf(event.time), this.stormLimit),
      );
      cell.add({ ...event, identity: hit.event.eventID ?? hit.fingerprint ?? event.id });
    }
    return cells;
  }

  private addToWindows(cells: Cells, detection: Detection, group: WindowGroup, hit: Hit, event: SeenEvent): void {
    for (const [by, marks] of marksByKey(hit, group, this.sharedMarks))
      for (const period of periodsOf(event.time, group)) {
        const key = keyOf('window', hit, `${group.name} ${period} ${by}`);
        const cell = cells.at(key, () => new WindowCell(key, detection, group, { by: JSON.parse(by) as string[], period }));
        cell.add({ id: event.id, time: event.time, severity: event.severity, marks, words: event.words });
      }
  }

  private async takeAll(cells: Cells): Promise<{ done: Done[]; errors: unknown[] }> {
    const all = [...cells.all()];
    if (all.length === 0) return { done: [], errors: [] };
    const [done, errors]: [Done[], unknown[]] = [[], []];
    const items = await this.state.read(all.map(({ key }) => key)).catch((error: unknown) => void errors.push(error));
    if (items === undefined) return { done, errors };
    for (let at = 0; at < all.length; at += MAX_WRITES) {
      const some = all.slice(at, at + MAX_WRITES).map((cell) => this.takeOne(cell, items.get(cell.key)));
      for (const result of await Promise.allSettled(some))
        if (result.status === 'fulfilled') done.push(result.value);
        else errors.push(result.reason);
    }
    return { done, errors };
  }

  /** Takes a cell's hits into its item, again with what others made of it as often as they were faster. */
  private takeOne(cell: StateCell, item: { value: StateValue; version: number } | undefined): Promise<Done> {
    let taken: Taken;
    const teller = { now: this.options.now?.(), claimSeconds: this.options.claimSeconds ?? DEFAULT_CLAIM_SECONDS };
    const change = (value: StateValue | undefined) => {
      taken = cell.take(value, teller);
      return taken.changed ? taken.value : undefined;
    };
    return this.write(cell, item, change).then((version) => ({ cell, taken, version }));
  }

  /** @param change  the new value, or undefined to leave it */
  private async write(
    cell: StateCell,
    read: { value: StateValue; version: number } | undefined,
    change: (value: StateValue | undefined) => StateValue | undefined,
  ): Promise<number | undefined> {
    let item = read;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const value = change(item?.value);
      if (value === undefined) return item?.version;
      const how = { expected: item?.version, expiresAt: cell.expiresAt(this.now), now: this.now };
      const version = await this.state.write(cell.key, value, how);
      if (version !== undefined) return version;
      await this.options.pause?.(attempt);
      item = (await this.state.read([cell.key])).get(cell.key);
    }
    throw new DeliveryError(`somebody else wrote \`${cell.key}\` first, ${MAX_ATTEMPTS} times`, {
      help: 'the hits come again; let fewer functions take hits at the same time',
    });
  }

  private async tellAndSettle(done: readonly Done[], tell: TellFindings): Promise<Finding[]> {
    const telling = done.filter(({ taken }) => taken.tell.length > 0);
    const findings = telling.flatMap(({ taken }) => taken.tell).sort(byTime);
    if (findings.length === 0) return [];
    try {
      await tell(findings);
    } catch (error) {
      // Given back, it can be told at once when the hits come again; if that fails too, after the claim has run out.
      await this.settle(telling, false);
      throw error;
    }
    throwFirst(await this.settle(telling, true));
    return findings;
  }

  private async settle(telling: readonly Done[], wasTold: boolean): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (let at = 0; at < telling.length; at += MAX_WRITES) {
      const some = telling.slice(at, at + MAX_WRITES).map(({ cell, taken, version }) => {
        const change = (value: StateValue | undefined) => (value === undefined ? undefined : taken.settle(value, wasTold));
        return this.write(cell, version === undefined ? undefined : { value: taken.value, version }, change);
      });
      for (const result of await Promise.allSettled(some)) if (result.status === 'rejected') errors.push(result.reason);
    }
    return errors;
  }
}

/** Cells by their key, each once. */
class Cells {
  private readonly byKey = new Map<string, StateCell>();

  at<Cell extends StateCell>(key: string, make: (key: string) => Cell): Cell {
    const known = this.byKey.get(key) as Cell | undefined;
    if (known !== undefined) return known;
    const cell = make(key);
    this.byKey.set(key, cell);
    return cell;
  }

  get(key: string): StateCell | undefined {
    return this.byKey.get(key);
  }

  all(): Iterable<StateCell> {
    return this.byKey.values();
  }
}

/** Longest key as it is: a table's key has at most 2,048 bytes. */
const MAX_KEY = 300;

/** The item of a detection; what a detection on trial remembers is not what it will remember when it is in force. */
function keyOf(kind: 'learn' | 'value' | 'window' | 'hour', { detection, dryRun }: Hit, rest: string): string {
  return `${dryRun === true ? 'dry ' : ''}${kind} ${detection} ${rest.length <= MAX_KEY ? rest : shortHash(rest)}`;
}

/** As their last events happened. */
const byTime = (left: Finding, right: Finding): number => lastMs(left) - lastMs(right);
const lastMs = ({ lastTime }: Finding): number => (lastTime === undefined ? 0 : Date.parse(lastTime));

const isDry = (key: string): boolean => key.startsWith('dry ');
const onTrial = (finding: Finding): Finding => ({ ...finding, detail: { ...finding.detail, dryRun: true } });

const valueKey = (hit: Hit, { window, key, value }: WindowMark): string =>
  keyOf('value', hit, `${window} ${JSON.stringify(key)} ${value!}`);

const seenEventOf = (hit: Hit, time: number, shared: SharedTexts): SeenEvent => ({
  ...{ id: eventIdOf(hit), time, severity: hit.severity, words: wordsOfHit(hit, shared) },
});

/** A hit with the severity that values never seen before lift it to. */
function liftedBy(hit: Hit, { firstSeen }: DetectionWindows, seen: Cells): Hit {
  if (firstSeen.length === 0) return hit;
  const lifts = firstSeen.flatMap(({ name, to }) =>
    hit.marks.flatMap((mark) => {
      if (to === undefined || mark.window !== name || mark.value === undefined) return [];
      const cell = seen.get(valueKey(hit, mark)) as ValueCell;
      return cell.isNewIn(eventIdOf(hit)) ? [to] : [];
    }),
  );
  return lifts.length === 0 ? hit : { ...hit, severity: lifts.reduce(higherOf, hit.severity) };
}

type Values = readonly (string | number)[];
type Marks = Record<string, Values>;

/** What a hit counts for in a group's windows, by the key it is counted under (JSON): most hits have one mark. */
function marksByKey({ marks }: Hit, { windows }: WindowGroup, shared: SharedMarks): Iterable<[by: string, marks: Marks]> {
  const [only] = marks;
  if (marks.length === 1) return isCounted(only!, windows) ? [[shared.textOf(only!.key), shared.of(only!, windows)]] : [];
  const counted = marks.filter((mark) => isCounted(mark, windows));
  const byKey = new Map<string, Marks>();
  for (const mark of counted) {
    const by = shared.textOf(mark.key);
    byKey.set(by, withMark(byKey.get(by) ?? {}, mark, windows));
  }
  return byKey;
}

const isCounted = ({ window }: WindowMark, windows: readonly CountedWindow[]): boolean => windows.some(({ name }) => name === window);

function withMark(all: Marks, { window, value, step }: WindowMark, windows: readonly CountedWindow[]): Marks {
  const { enough } = windows.find(({ name }) => name === window)!;
  all[window] = withValue(all[window] ?? NONE, enough, value, step);
  return all;
}

/** What one mark counts for: many events have the same, and it is never changed. */
class SharedMarks {
  private readonly marks = new Map<readonly CountedWindow[], Map<string, Marks>>();
  private readonly texts = new WeakMap<readonly string[], string>();

  /** A key as JSON. */
  textOf(key: readonly string[]): string {
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    const text = JSON.stringify(key);
    this.texts.set(key, text);
    return text;
  }

  of(mark: WindowMark, windows: readonly CountedWindow[]): Marks {
    if (mark.step !== undefined) return withMark({}, mark, windows);
    const byValue = this.marks.get(windows) ?? new Map<string, Marks>();
    this.marks.set(windows, byValue);
    const name = `${mark.window} ${mark.value ?? ''}`;
    const known = byValue.get(name);
    if (known !== undefined) return known;
    if (byValue.size >= MAX_SHARED_MARKS) byValue.clear();
    const marks = withMark({}, mark, windows);
    byValue.set(name, marks);
    return marks;
  }
}

const MAX_SHARED_MARKS = 1_000;

const NONE: Values = [];

/** Values are kept short; an event with as many as are needed is enough alone, so more of them change nothing. */
function withValue(values: Values, enough: Enough, value: string | undefined, step: number | undefined): Values {
  if (enough.kind === 'sequence') return step === undefined ? values : [...values, step];
  if (enough.kind === 'threshold' || value === undefined) return values;
  const kept = value.length <= 24 ? value : shortHash(value);
  return values.length === 0 ? [kept] : [...values, kept].sort().slice(0, enough.atLeast);
}

function throwFirst(errors: readonly unknown[]): void {
  if (errors.length > 0) throw errors[0];
}

const beingTold = () =>
  new DeliveryError('somebody else is telling findings of these hits', {
    help: 'the hits come again: by then the findings are told, or their teller counts as dead',
  });
