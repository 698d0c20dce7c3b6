// The files done in this run.

import type { DoneFiles } from '../events/doors.ts';
import type { ObjectRef } from '../events/objectkey.ts';

/** Does every piece of work: on a laptop, a file named twice is read twice only if it was named twice. */
export class NothingDone implements DoneFiles {
  async once<T>(_ref: ObjectRef, work: () => Promise<T>): Promise<T | undefined> {
    return work();
  }
}
