// Files of which one wants to know when they change.
import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Editors write a file in several steps: that long nothing may change before the change is told. */
const QUIET_MS = 80;

/** Watches files and folders. Folders are watched, for editors put a new file in the old one's place; what is in them besides is passed over. */
export class FileWatch {
  private readonly watchers = new Map<string, FSWatcher>();
  private wanted = new Set<string>();
  private readonly changed = new Set<string>();
  private wake: () => void = () => undefined;

  /** From now on these files, and files that come into these folders; what changed before and wasn't told stays known. */
  follow(files: readonly string[], folders: readonly string[] = []): void {
    this.wanted = new Set([...files, ...folders].map((path) => resolve(path)));
    const watched = new Set([...files.map((file) => dirname(resolve(file))), ...folders.map((folder) => resolve(folder))]);
    for (const folder of watched) if (!this.watchers.has(folder)) this.open(folder);
    for (const [folder, watcher] of this.watchers) if (!watched.has(folder)) this.close(folder, watcher);
  }

  /** The names of files that changed, once nothing changes any more; none when the signal comes. */
  async next(signal: AbortSignal): Promise<string[]> {
    while (this.changed.size === 0 && !signal.aborted) await this.awaken(signal);
    while (!signal.aborted && (await this.awaken(signal, QUIET_MS)) === 'woken');
    const names = signal.aborted ? [] : [...this.changed].sort();
    this.changed.clear();
    return names;
  }

  end(): void {
    for (const [folder, watcher] of this.watchers) this.close(folder, watcher);
  }

  private open(folder: string): void {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    const watcher = watch(folder, (_, name) => {
      if (name !== null) this.note(join(folder, name), folder);
    });
    // A folder that goes is no fault: its files are gone with it.
    watcher.on('error', () => this.close(folder, watcher));
    this.watchers.set(folder, watcher);
  }

  private close(folder: string, watcher: FSWatcher): void {
    watcher.close();
    this.watchers.delete(folder);
  }

  private note(path: string, folder: string): void {
    const isNew = this.wanted.has(folder) && /\.ya?ml$/.test(path) && !basename(path).startsWith('.');
    if (!isNew && !this.wanted.has(path)) return;
    this.changed.add(path);
    this.wake();
  }

  /** Waits for the next change, the signal, or the time. */
  private awaken(signal: AbortSignal, waitMs?: number): Promise<'woken' | 'quiet'> {
    return new Promise((done) => {
      const timer = waitMs === undefined ? undefined : setTimeout(() => finish('quiet'), waitMs);
      const finish = (how: 'woken' | 'quiet') => {
        clearTimeout(timer);
        signal.removeEventListener('abort', interrupted);
        this.wake = () => undefined;
        done(how);
      };
      const interrupted = () => finish('woken');
      signal.addEventListener('abort', interrupted);
      this.wake = () => finish('woken');
    });
  }
}
