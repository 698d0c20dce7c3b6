// Values that `firstSeen` has met before in the same file: only the first event that has one can be new, the others are worth no hit.
import type { Entry } from '../entry.ts';
import type { ObjectRef } from '../objectkey.ts';
import type { WindowMark } from './hit.ts';

/** What was said of one value in this file. */
interface Said {
  /** Of the earliest event: eventTime and id. */
  first: string;
  /** Hour of the latest one: a value is remembered from when it was last seen, roughly. */
  hour: string;
}

/**
 * Remembers values within one file. Exact: the earliest event by time and id decides whether a value is new, whatever comes with it, so that leaving
 * out later ones changes no finding. A file that is read again begins anew.
 */
export class RepeatsInFile {
  private readonly said = new Map<string, Said>();
  private ref: ObjectRef | undefined;
  private index = -1;

  /** To be told of each entry that is asked about, in the order of its file. */
  passTo({ ref, record: { index } }: Entry): void {
    if (ref !== this.ref || index <= this.index) this.said.clear();
    [this.ref, this.index] = [ref, index];
  }

  /**
   * Whether a mark says nothing new in this file.
   * @param time  of the event, RFC 3339
   * @param id  what tells the event from others
   */
  has(detection: string, { key, value }: WindowMark, time: string, id: string): boolean {
    const name = JSON.stringify([detection, key, value]);
    const known = this.said.get(name);
    // Whole seconds, as windows count.
    const event = `${time.slice(0, 19)} ${id}`;
    const hour = time.slice(0, 13);
    if (known !== undefined && event > known.first && hour <= known.hour) return true;
    const [first, latest] = known === undefined ? [event, hour] : [least(event, known.first), most(hour, known.hour)];
    this.said.set(name, { first, hour: latest });
    return false;
  }
}

const least = (left: string, right: string): string => (left < right ? left : right);
const most = (left: string, right: string): string => (left > right ? left : right);
