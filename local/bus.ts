// The in-process event bus: every entry goes to every listener at once, nothing is refused.

import type { Bus } from '../events/doors.ts';
import type { Entry } from '../events/entry.ts';
import type { Ledger } from '../events/ledger.ts';

export type EntryListener = (entry: Entry) => void;

export class LocalBus implements Bus {
  private readonly listeners: EntryListener[];
  private readonly ledger: Ledger;

  constructor(listeners: EntryListener[], ledger: Ledger) {
    this.listeners = listeners;
    this.ledger = ledger;
  }

  put(entry: Entry): void {
    for (const listen of this.listeners) listen(entry);
    this.ledger.entriesAccepted++;
  }

  async flush(): Promise<void> {}

  async abandon(): Promise<void> {}
}
