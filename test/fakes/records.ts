// Log files and records made for tests.
import { gzipSync } from 'node:zlib';
import { type LogRecord, recordsOfWhole } from '../../events/logfile/logfile.ts';

/** The stored bytes of a log file that holds these records, given as objects or as their exact text. */
export const logFile = (...records: (object | string)[]): Uint8Array =>
  gzipSync(`{"Records":[${records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record))).join(',')}]}`);

/** One record as the reader gives it. */
export const recordOf = (record: object | string): LogRecord => [...recordsOfWhole(logFile(record))!][0]!;

/** As the payloads in test/fixtures/notifications/ announce it. */
export const KEY =
  'AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/05/111122223333_CloudTrail_us-east-1_20261005T1200Z_abcDEF0123456789.json.gz';
export const REF = { bucket: 'trail-logs', key: KEY };
