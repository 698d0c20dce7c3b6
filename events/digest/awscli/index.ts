// awscli's side of a check, for those outside: what its options ask, its words for what is found, its report.
export { pythonErrorText } from './pythontext.ts';
export { awscliReading } from './reading.ts';
export { Report, type ReportPiece } from './report.ts';
export { type CheckRequest, readTimes, resolveRequest } from './request.ts';
export { awscliMessage, awscliWords, type ToldOutcome, tellOutcome } from './words.ts';
