// How a digest's dates and values are read, which decides verdicts and is told to the check by whoever runs it.
// A digest's times may have any spelling, and its signature is over texts made of its fields. Read or written otherwise than awscli
// does, a digest would be valid here and invalid there: `awscli/reading.ts` has its way. Told and not imported, imports go one way.
import type { ClockTime } from './clocktime.ts';

export interface DigestReading {
  /** The time a text names. @throws IntegrityError for what is no date */
  date(text: string): ClockTime;
  /** A value from a digest as the text that is signed. */
  text(value: unknown): string;
}
