// A folder knows no trails: what they are is told by options.
import type { Trail, Trails } from '../events/digest/doors.ts';
import { TrailbusError } from '../events/errors.ts';

export class NoTrails implements Trails {
  async describeTrail(): Promise<Trail | undefined> {
    return undefined;
  }

  async organizationId(): Promise<string> {
    throw new TrailbusError('an organization is not asked for with --local');
  }
}
