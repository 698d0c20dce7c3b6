// Faults that are thrown: one class for each thing that the one who checks does next.
import { TrailbusError } from '../errors.ts';
import type { IntegrityFault, ServiceRefusal } from './faults.ts';
import { plainWords } from './plainwords.ts';

/** Something is wrong; the message says it in our own words. Met while a file is checked, it is why that file is invalid. */
export class IntegrityError extends TrailbusError {
  readonly fault: IntegrityFault;

  constructor(fault: IntegrityFault, cause?: unknown) {
    super(plainWords(fault), { cause });
    this.fault = fault;
  }
}

/** Ends the whole check, wherever it is met. */
export class FatalError extends IntegrityError {}

/** The check could not begin for want of credentials or a region. */
export class SetupError extends FatalError {}

/** A service answered with an error: a missing object makes a file invalid, anything else ends the check. */
export class ServiceError extends IntegrityError {
  readonly refusal: ServiceRefusal;

  constructor(refusal: ServiceRefusal) {
    super({ code: 'SERVICE_REFUSED', ...refusal });
    this.refusal = refusal;
  }

  /** There is no such object. */
  get isMissingObject(): boolean {
    return this.refusal.errorCode === 'NoSuchKey';
  }
}

/** What is wrong, when this was thrown. */
export function integrityFaultOf(error: unknown): IntegrityFault {
  if (error instanceof IntegrityError) return error.fault;
  return { code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) };
}
