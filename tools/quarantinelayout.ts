// The table of where things lie in the quarantine, in docs/operations.md.
import { quarantineKey } from '../aws/quarantine.ts';

const REF = { bucket: 'my-logs', key: 'AWSLogs/….json.gz' };
const CLIMBING = { bucket: 'my-logs', key: '../….json.gz' };

const ROWS: readonly (readonly [what: string, key: string])[] = [
  ['a file that can’t be read as a log', quarantineKey(REF, 'GZIP_TRUNCATED')],
  ['a note of a file that was not read: its bucket, key, version, and why', quarantineKey(REF, 'BUCKET_NOT_ALLOWED', 'note')],
  ['element 3 of `Records`, counted from 0, that is no record', quarantineKey(REF, 'RECORD_NOT_OBJECT', 3)],
  [
    'a file whose key S3 would not take there, too long or with `..` at its start: a note beside it has its name',
    quarantineKey(CLIMBING, 'INVALID_JSON').replace(/[0-9a-f]{56}$/, '…'),
  ],
];

export const quarantineLayoutTable = (): string =>
  ['| What | Key in the quarantine bucket |', '| --- | --- |', ...ROWS.map(([what, key]) => `| ${what} | \`${key}\` |`)].join('\n');
