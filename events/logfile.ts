// Log file bytes to records, each as its own original bytes.

/** One element of `Records`, not parsed. */
export interface LogRecord {
  /** Position in `Records`, from 0. */
  index: number;
  /** The record's own bytes. A view: valid until the next record is asked for when it comes from a stream of a large file. */
  bytes: Uint8Array;
  /** The record's text; invalid UTF-8 becomes U+FFFD. */
  text(): string;
  /** A top-level string value, decoded; undefined when absent or not a string. */
  field(name: FieldName): string | undefined;
}

/** The top-level fields that entries, summaries and guards need. */
export type FieldName =
  | 'eventID'
  | 'eventName'
  | 'eventSource'
  | 'eventTime'
  | 'eventType'
  | 'eventCategory'
  | 'awsRegion'
  | 'recipientAccountId'
  | 'accountId'
  | 'eventVersion';
