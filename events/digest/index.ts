// Log file integrity, for those outside: what is checked, what can be said of it, and the check itself. Its doors are in `doors.ts`.
export { type ClockTime, displayTime, toMs } from './clocktime.ts';
export { readDigest } from './digestfile.ts';
export { accountsFolder, type DigestPlace } from './digestnames.ts';
export { discoverPlaces } from './discover.ts';
export type { FaultCode, IntegrityFault, ServiceRefusal, XmlComplaint } from './faults.ts';
export type { IntegrityFinding } from './findings.ts';
export { FatalError, IntegrityError, ServiceError, SetupError } from './integrityerrors.ts';
export { readPublicKeyList } from './publickeys.ts';
export type { DigestReading } from './reading.ts';
export { StrictChecks } from './strict.ts';
export { type TimeSpan, validateSpan } from './validate.ts';
export type { Outcome, StrictProblem } from './verdicts.ts';
export { type WatchDoors, type WatchedTrail, type WatchTally, watchTrails } from './watch.ts';
