// Values never seen before, by arrival: what a detection learns first, what is new after that.
import type { Finding, Severity } from '../finding.ts';
import { DAY_SECONDS } from '../timeunits.ts';
import type { Detection } from './detectionfile.ts';
import { claimLevel, EMPTY_OUTBOX, type Outbox, settleClaim, type Teller } from './outbox.ts';
import type { StateCell, Taken } from './statecell.ts';
import { findingId, findingOfEvent } from './tellings.ts';
import type { FirstSeenWindow } from './window.ts';
import { byTimeAndId, type EventWords } from './windowevent.ts';

/** How long a detection remembers when it began to learn, and how often that is renewed. */
const LEARNING_KEPT = 400 * DAY_SECONDS;
const LEARNING_RENEWED = 30 * DAY_SECONDS;

interface LearningItem {
  /** The earliest eventTime the detection has met. */
  since: number;
  /** The time of the event that renewed it. */
  renewed: number;
}

/** When a detection began to learn. */
export class LearningCell implements StateCell {
  readonly key: string;
  private earliest = Number.POSITIVE_INFINITY;
  private latest = Number.NEGATIVE_INFINITY;
  /** What `take` found: eventTime in seconds. */
  since = 0;

  constructor(key: string) {
    this.key = key;
  }

  add(time: number): void {
    this.earliest = Math.min(this.earliest, time);
    this.latest = Math.max(this.latest, time);
  }

  lateAt(): readonly string[] {
    return [];
  }

  expiresAt(now: number): number {
    return Math.max(this.latest, now) + LEARNING_KEPT;
  }

  take(value: LearningItem | undefined): Taken {
    this.since = Math.min(value?.since ?? this.earliest, this.earliest);
    const isDue = value === undefined || this.since < value.since || this.latest > value.renewed + LEARNING_RENEWED;
    const next: LearningItem = isDue ? { since: this.since, renewed: Math.max(this.latest, value?.renewed ?? 0) } : value;
    return { value: next, changed: isDue, tell: [], isBusy: false, settle: (current) => current, standing: () => [] };
  }
}

/** An event with a value that is looked at. */
export interface SeenEvent {
  id: string;
  time: number;
  severity: Severity;
  words: EventWords;
}

interface ValueItem extends Outbox {
  /** The event that had it first, and whether that was new or still to be learned. */
  first: string;
  verdict: 'new' | 'learned';
  /** eventTime it was last seen at, roughly. */
  last: number;
}

/** One value of one key. */
export class ValueCell implements StateCell {
  readonly key: string;
  private readonly detection: Detection;
  private readonly window: FirstSeenWindow;
  private readonly learning: { since: () => number; seconds: number };
  private readonly seen: { by: readonly string[]; value: string };
  private readonly arrivals: SeenEvent[] = [];
  private newEvent: string | undefined;

  constructor(
    key: string,
    detection: Detection,
    window: FirstSeenWindow,
    learning: { since: () => number; seconds: number },
    seen: { by: readonly string[]; value: string },
  ) {
    this.key = key;
    this.detection = detection;
    this.window = window;
    this.learning = learning;
    this.seen = seen;
  }

  add(event: SeenEvent): void {
    this.arrivals.push(event);
  }

  /** Whether it was this event that had the value first. */
  isNewIn(eventId: string): boolean {
    return this.newEvent === eventId;
  }

  lateAt(): readonly string[] {
    return [];
  }

  expiresAt(now: number): number {
    return Math.max(...this.arrivals.map(({ time }) => time), now) + this.window.remember;
  }

  take(value: ValueItem | undefined, teller: Omit<Teller, 'mayBeRepeating'>): Taken {
    const item = this.arrivals.sort(byTimeAndId).reduce(this.see, value)!;
    this.newEvent = item.verdict === 'new' ? item.first : undefined;
    const isTold = this.window.name === 'main' && item.verdict === 'new';
    const event = this.arrivals.find(({ id }) => id === item.first);
    // Only the event that had it first has words for it; it comes again until it was told.
    if (!isTold || event === undefined) return unclaimed(item, value);
    const level = { severity: event.severity, reached: 0 };
    const { outbox, claim, isBusy } = claimLevel(item, item.told ?? level, { ...teller, mayBeRepeating: value?.first === event.id });
    const finding = (): Finding[] => [
      findingOfEvent(this.detection, findingId(this.detection.id, this.seen.by, this.seen.value), event.words, event),
    ];
    return {
      ...{ value: { ...item, ...outbox }, changed: item !== value || claim !== undefined, isBusy },
      tell: claim === undefined ? [] : finding(),
      settle: (current, wasTold) => (claim === undefined ? current : { ...current, ...settleClaim(current as ValueItem, claim, wasTold) }),
      standing: finding,
    };
  }

  /** The item after one more event. When it was last seen is renewed now and then: a value that is always there costs no write. */
  private readonly see = (item: ValueItem | undefined, { id, time }: SeenEvent): ValueItem => {
    if (item === undefined || time > item.last + this.window.remember) {
      const isLearned = time < this.learning.since() + this.learning.seconds;
      return { ...EMPTY_OUTBOX, first: id, verdict: isLearned ? 'learned' : 'new', last: time };
    }
    return time > item.last + this.window.remember / 20 ? { ...item, last: time } : item;
  };
}

const unclaimed = (item: ValueItem, value: ValueItem | undefined): Taken => ({
  ...{ value: item, changed: item !== value, tell: [], isBusy: false },
  ...{ settle: (current: object) => current, standing: () => [] },
});
