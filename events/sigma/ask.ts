// What a detection asks, in Sigma's terms: fields with modifiers and values, joined by and, or and not.

export type SigmaValue = string | number | boolean | null;

/** `key` is the field with its modifiers: `eventName|startswith`. Any of the values is enough. */
export interface KeyAsk {
  kind: 'key';
  key: string;
  values: readonly SigmaValue[];
}

export type SigmaAsk = KeyAsk | { kind: 'and' | 'or'; of: readonly SigmaAsk[] } | { kind: 'not'; of: SigmaAsk };

export const keyAsk = (key: string, ...values: readonly SigmaValue[]): KeyAsk => ({ kind: 'key', key, values });
export const notAsk = (of: SigmaAsk): SigmaAsk => (of.kind === 'not' ? of.of : { kind: 'not', of });

/** One of a kind inside another is put together with it. */
export function joinedAsk(kind: 'and' | 'or', of: readonly SigmaAsk[]): SigmaAsk {
  const all = of.flatMap((each) => (each.kind === kind ? each.of : [each]));
  return all.length === 1 ? all[0]! : { kind, of: all };
}

type Search = Record<string, unknown>;

/** Searches by their names, and the condition that joins them. */
interface SigmaDetection {
  [search: string]: unknown;
  condition: string;
}

/** Writes asks as searches and a condition. */
export function detectionOfAsk(ask: SigmaAsk): SigmaDetection {
  const writer = new SearchWriter();
  const condition = writer.written(ask, false, 'or');
  return { ...writer.searches, condition };
}

class SearchWriter {
  readonly searches: Record<string, Search | Search[]> = {};

  /** @param within  what stands around it: `and` needs brackets around an `or` */
  written(ask: SigmaAsk, isNegated: boolean, within: 'and' | 'or' | 'not'): string {
    const search = searchFor(ask);
    if (search !== undefined) return this.named(search, isNegated);
    if (ask.kind === 'not') return `not ${this.written(ask.of, !isNegated, 'not')}`;
    if (ask.kind === 'key') throw new Error('a key is always a search');
    const parts = ask.kind === 'and' ? gathered(ask.of) : ask.of;
    const text = parts.map((part) => this.written(part, isNegated, ask.kind)).join(` ${ask.kind} `);
    return within === 'not' || (within === 'and' && ask.kind === 'or') ? `(${text})` : text;
  }

  /** What must not be is a filter; the first selection has no number. */
  private named(search: Search | Search[], isNegated: boolean): string {
    const base = isNegated ? 'filter' : 'selection';
    let name = base;
    for (let count = 2; Object.hasOwn(this.searches, name); count++) name = `${base}_${count}`;
    this.searches[name] = search;
    return name;
  }
}

/** Keys that may stand in one map go into one. */
function gathered(of: readonly SigmaAsk[]): readonly SigmaAsk[] {
  const [maps, others] = [of.filter((each) => mapFor(each) !== undefined), of.filter((each) => mapFor(each) === undefined)];
  const together: SigmaAsk = joinedAsk('and', maps);
  return maps.length > 1 && mapFor(together) !== undefined ? [together, ...others] : of;
}

/** One search: a map, or a list of maps of which one is enough. */
function searchFor(ask: SigmaAsk): Search | Search[] | undefined {
  if (ask.kind !== 'or') return mapFor(ask);
  const maps = ask.of.map(mapFor);
  return maps.every((map) => map !== undefined) ? maps : undefined;
}

function mapFor(ask: SigmaAsk): Search | undefined {
  if (ask.kind === 'key') return Object.fromEntries([entryOf(ask)]);
  if (ask.kind !== 'and' || !ask.of.every((each) => each.kind === 'key')) return undefined;
  const keys = new Set(ask.of.map(({ key }) => key));
  return keys.size === ask.of.length ? Object.fromEntries(ask.of.map(entryOf)) : undefined;
}

const entryOf = ({ key, values }: KeyAsk): [string, unknown] => [key, values.length === 1 ? values[0] : values];
