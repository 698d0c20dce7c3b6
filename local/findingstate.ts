// What findings remember on this machine: in memory, or kept in a file from one run to the next.
import { readFileSync } from 'node:fs';
import type { FindingState, StateItem, StateValue, StateWrite } from '../events/detect/doors.ts';
import { UsageError } from '../events/errors.ts';
import { replaceState } from './replacestate.ts';

/** Items from which on it is worth looking for those that have expired. */
const LOOK_FROM = 10_000;

/** Most items kept at all, some 500 MB: past them the ones not written for longest are forgotten. */
const MAX_ITEMS = 500_000;

interface KeptItem extends StateItem {
  expiresAt: number;
}

export interface MemoryOptions {
  /** Whether what comes may be of any time, whatever came before: then nothing is forgotten for its age, only when there is too much. */
  isUnordered?: boolean;
}

/**
 * Items in memory. Logs tell of any year, so what has expired is known by the newest time a writer had. It is forgotten only when there are many items,
 * and only of those not written lately.
 */
export class MemoryFindingState implements FindingState {
  /** In the order they were last written. */
  protected readonly items = new Map<string, KeptItem>();
  private readonly leastItems: number;
  private lookFrom: number;
  private lastVersion = 0;
  private now = 0;

  constructor({ isUnordered = false }: MemoryOptions = {}) {
    this.leastItems = isUnordered ? MAX_ITEMS : LOOK_FROM;
    this.lookFrom = this.leastItems;
  }

  get size(): number {
    return this.items.size;
  }

  async read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    const found = new Map<string, StateItem>();
    for (const key of keys) {
      const item = this.items.get(key);
      if (item !== undefined) found.set(key, { value: item.value, version: item.version });
    }
    return found;
  }

  async write(key: string, value: StateValue, { expected, expiresAt, now }: StateWrite): Promise<number | undefined> {
    if (this.items.get(key)?.version !== expected) return undefined;
    this.keep(key, value, expiresAt);
    this.now = Math.max(this.now, now);
    if (this.items.size > this.lookFrom) this.forget();
    return this.lastVersion;
  }

  protected keep(key: string, value: StateValue, expiresAt: number): void {
    this.items.delete(key);
    this.items.set(key, { value, version: ++this.lastVersion, expiresAt });
  }

  private forget(): void {
    let old = this.items.size / 2;
    for (const [key, { expiresAt }] of this.items) {
      if (this.items.size > MAX_ITEMS || (old > 0 && expiresAt <= this.now)) this.items.delete(key);
      else if (old <= 0) break;
      old--;
    }
    this.lookFrom = Math.max(this.leastItems, Math.min(1.25 * this.items.size, MAX_ITEMS));
  }

  /** Forgets all that has expired. */
  protected forgetExpired(): void {
    for (const [key, { expiresAt }] of this.items) if (expiresAt <= this.now) this.items.delete(key);
  }
}

/** What another state has, and changes of one's own beside it: the other one is read and never written. */
export class ForkedFindingState extends MemoryFindingState {
  private readonly base: FindingState;

  constructor(base: FindingState, options?: MemoryOptions) {
    super(options);
    this.base = base;
  }

  override async read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    const own = await super.read(keys);
    const others = await this.base.read(keys.filter((key) => !own.has(key)));
    return new Map([...others, ...own]);
  }

  override async write(key: string, value: StateValue, how: StateWrite): Promise<number | undefined> {
    const inherited = this.items.has(key) ? undefined : (await this.base.read([key])).get(key);
    if (inherited !== undefined) this.items.set(key, { ...inherited, expiresAt: how.expiresAt });
    return super.write(key, value, how);
  }
}

/** First line of a state file. */
const HEAD = '{"trailbus":"finding state","version":1,"items":[';
const TAIL = ']}\n';

/** Items in memory that are read from a file and, once the run is over, written to it. */
export class FileFindingState extends MemoryFindingState {
  private readonly path: string;

  private constructor(path: string, options?: MemoryOptions) {
    super(options);
    this.path = path;
  }

  /**
   * The state that a file holds; a new one where there is no file, or an empty one.
   * @throws UsageError when it can't be read, or is no state
   */
  static open(path: string, options?: MemoryOptions): FileFindingState {
    const state = new FileFindingState(path, options);
    for (const [key, value, expiresAt] of itemsIn(path)) state.keep(key, value, expiresAt);
    return state;
  }

  /**
   * Writes the items in the place of the file.
   * @throws UsageError when it can't be written
   */
  save(): void {
    this.forgetExpired();
    replaceState(this.path, this.lines());
  }

  private *lines(): Generator<string> {
    let before = '\n';
    yield HEAD;
    for (const [key, { value, expiresAt }] of this.items) {
      yield `${before}${JSON.stringify([key, value, expiresAt])}`;
      before = ',\n';
    }
    yield TAIL;
  }
}

type SavedItem = [key: string, value: StateValue, expiresAt: number];

function itemsIn(path: string): SavedItem[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UsageError(`can’t read the state \`${path}\`: ${(cause as Error).message}`, { help: 'name a file that can be read', cause });
  }
  if (text.trim() === '') return [];
  const items = savedItems(text);
  if (items === undefined)
    throw new UsageError(`\`${path}\` is not a state of findings, or is damaged`, {
      help: 'name another file, or delete this one: then what it remembered is found and told anew',
    });
  return items;
}

/** The items of a state file's text; undefined when it is none. */
function savedItems(text: string): SavedItem[] | undefined {
  try {
    const saved = JSON.parse(text) as { trailbus?: unknown; version?: unknown; items?: unknown } | null;
    if (saved?.trailbus !== 'finding state' || saved.version !== 1 || !Array.isArray(saved.items)) return undefined;
    return saved.items.every(isSavedItem) ? saved.items : undefined;
  } catch {
    return undefined;
  }
}

const isSavedItem = (item: unknown): item is SavedItem =>
  Array.isArray(item) && typeof item[0] === 'string' && typeof item[1] === 'object' && item[1] !== null && typeof item[2] === 'number';
