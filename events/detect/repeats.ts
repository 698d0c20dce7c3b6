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
   * Whether a mark says nothing new in this file, whatever else may be asked of its event: if that is no hit it is worth none either.
   * @param time  of the event, RFC 3339
   * @param id  what tells the event from others
   */
  has(detection: string, mark: WindowMark, time: string, id: string): boolean {
    const known = this.said.get(nameOf(detection, mark));
    return known !== undefined && eventOf(time, id) > known.first && hourIn(time) <= known.hour;
  }

  /** To be told of each hit that isn't a repeat, as `has` was. */
  add(detection: string, mark: WindowMark, time: string, id: string): void {
    const name = nameOf(detection, mark);
    const known = this.said.get(name);
    const [event, hour] = [eventOf(time, id), hourIn(time)];
    this.said.set(name, known === undefined ? { first: event, hour } : { first: least(event, known.first), hour: most(hour, known.hour) });
  }
}

/** Values with their lengths before them: callers write them, and no two must become one. */
const nameOf = (detection: string, { key, value = '' }: WindowMark): string =>
  [detection, ...key, value].reduce((name, part) => `${name}${part.length}:${part}`, '');

/** Whole seconds, as windows count. */
const eventOf = (time: string, id: string): string => `${time.slice(0, 19)} ${id}`;
const hourIn = (time: string): string => time.slice(0, 13);

const least = (left: string, right: string): string => (left < right ? left : right);
const most = (left: string, right: string): string => (left > right ? left : right);
