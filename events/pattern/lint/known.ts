// What CloudTrail is known to write: which eventName each eventSource has.
import { DATED, EVENT_NAMES } from './eventnames.ts';
import { OPEN_SOURCES, OTHER_NAMES, RENAMED } from './otherevents.ts';

let table: Map<string, Set<string>> | undefined;
const dated: ReadonlySet<string> = new Set(DATED.split(' '));

/** Service name, without `.amazonaws.com`, to its event names. Read once, when first asked for: it takes some milliseconds. */
function known(): Map<string, Set<string>> {
  table ??= readTable();
  return table;
}

function readTable(): Map<string, Set<string>> {
  const read = new Map<string, Set<string>>();
  for (const line of EVENT_NAMES.trim().split('\n')) {
    const words = line.split(' ');
    const names = words.pop()!.split(';').flatMap(eventNamesIn);
    for (const service of words) addNames(read, service, names);
  }
  for (const [service, names] of Object.entries(OTHER_NAMES)) addNames(read, service, names.split(' '));
  for (const service of OPEN_SOURCES) addNames(read, service, []);
  return read;
}

function eventNamesIn(group: string): string[] {
  const [verb, rests = ''] = group.split(':');
  return rests.split(',').map((rest) => verb + rest);
}

function addNames(read: Map<string, Set<string>>, service: string, names: string[]): void {
  const set = read.get(service) ?? new Set();
  for (const name of names) set.add(name);
  read.set(service, set);
}

export const isKnownService = (service: string): boolean => known().has(service);

export const knownServices = (): Iterable<string> => known().keys();

export const eventNamesOf = (service: string): ReadonlySet<string> => known().get(service) ?? new Set();

/** Whether a service writes events that no list names. */
export const isOpen = (service: string): boolean => OPEN_SOURCES.has(service);

/** Dates and versions that CloudTrail adds to a name: `UpdateFunctionCode20150331v2`, `GetDistribution2020_05_31`. */
const DATE = /(?:20\d{6}|20\d\d_\d\d_\d\d)(?:v\d+)?$/;

/** Whether CloudTrail may write this name for a service. */
export function hasEvent(service: string, eventName: string): boolean {
  const names = eventNamesOf(service);
  return names.has(eventName) || names.has(eventName.replace(DATE, ''));
}

/** Whether CloudTrail writes a Lambda operation with a date behind it, and not as it stands. */
export const isWrittenWithDate = (service: string, eventName: string): boolean => service === 'lambda' && dated.has(eventName);

/** What CloudTrail writes for an API whose name it doesn't use. */
export const writtenAs = (service: string, eventName: string): string | undefined => RENAMED[service]?.[eventName];

/** Services that have an event of this name, in order of the alphabet. */
export const servicesWith = (eventName: string): string[] =>
  [...known().keys()].filter((service) => hasEvent(service, eventName)).sort((left, right) => (left < right ? -1 : 1));
