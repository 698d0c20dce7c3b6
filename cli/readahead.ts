// Reads the next objects while one is worked on, in order and never more than a few ahead.

import type { ObjectStore } from '../events/doors.ts';
import type { ObjectRef } from '../events/objectkey.ts';

/** A store that was told beforehand what will be read. */
export class ReadAheadStore implements ObjectStore {
  private readonly store: ObjectStore;
  private readonly started = new Map<ObjectRef, Promise<Uint8Array>>();

  constructor(store: ObjectStore) {
    this.store = store;
  }

  read(ref: ObjectRef): Promise<Uint8Array> {
    const reading = this.started.get(ref) ?? this.store.read(ref);
    this.started.delete(ref);
    return reading;
  }

  /** Gives the refs in order, each after reading of the next `count` has begun. `wanted` says which will be read at all. */
  async *ahead<T>(items: AsyncIterable<T> | Iterable<T>, count: number, wanted: (item: T) => ObjectRef | undefined): AsyncGenerator<T> {
    const queue: T[] = [];
    for await (const item of items) {
      this.start(wanted(item));
      queue.push(item);
      if (queue.length > count) yield queue.shift()!;
    }
    yield* queue;
  }

  private start(ref: ObjectRef | undefined): void {
    if (ref === undefined) return;
    const reading = this.store.read(ref);
    reading.catch(() => undefined); // Whoever reads it hears of it.
    this.started.set(ref, reading);
  }
}
