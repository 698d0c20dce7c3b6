// Done files that also measure how long a file took from its arrival in S3 to its last entry on the bus.
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DoneFiles } from '../events/doors.ts';
import type { ObjectRef } from '../events/objectkey.ts';
import { metrics } from './handler.ts';

export class TimedDoneFiles implements DoneFiles {
  private readonly done: DoneFiles;
  private readonly arrivals: WeakMap<ObjectRef, Date>;

  /** @param arrivals  when S3 took a file in (LastModified, whole seconds), once it is read */
  constructor(done: DoneFiles, arrivals: WeakMap<ObjectRef, Date>) {
    this.done = done;
    this.arrivals = arrivals;
  }

  async once<T>(ref: ObjectRef, work: () => Promise<T>): Promise<T | undefined> {
    const result = await this.done.once(ref, work);
    const arrival = this.arrivals.get(ref);
    if (arrival) metrics.addMetric('DeliverySeconds', MetricUnit.Seconds, Math.max(0, (Date.now() - arrival.getTime()) / 1000));
    return result;
  }
}
