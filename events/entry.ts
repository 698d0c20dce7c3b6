// One record as one EventBridge entry, not yet in any service's own type.
import type { LogRecord } from './logfile.ts';
import type { ObjectRef } from './ports.ts';

/** An entry for PutEvents. `Detail` is the record's own text, never re-serialised. */
export interface Entry {
  /** `cloudtrail.<service>`: PutEvents refuses a Source that begins with `aws.`. */
  source: string;
  /** The native feed's detail-type, such as `AWS API Call via CloudTrail`. */
  detailType: string;
  /** eventTime as the record has it, when it is a time EventBridge takes (RFC 3339, whole or fractional seconds); else undefined. */
  time: string | undefined;
  /** The record's ARNs. */
  resources: string[];
  /** The record: its bytes (`record.bytes`), its text (`record.text()`), its place in the file (`record.index`). */
  record: LogRecord;
  /** The file it came from. */
  ref: ObjectRef;
}
