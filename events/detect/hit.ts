// What a detection says of one record: enough to make a finding of, without the record.
import type { FindingEvent, Severity } from '../finding.ts';

/** Longest text of a hit, in characters, and most resources: callers write them, and a hit must fit a message, a window an item. */
export const MAX_TEXT = 256;
export const MAX_RESOURCES = 20;

/** What a hit adds to one window: of the detection itself, or of one that would raise its severity. */
export interface WindowMark {
  /** `main`, or `raise.N` for the window of the detection's Nth raise. */
  window: string;
  /** Values of the window's `by`, in order. */
  key: string[];
  /** Of `distinct` the value that is counted, of `firstSeen` the values together. */
  value?: string;
  /** Of `sequence` the step that the record is, from 0. */
  step?: number;
}

/** JSON: a hit travels from the process function to the alert function. */
export interface Hit {
  detection: string;
  /** With what the record alone raises it to. */
  severity: Severity;
  title: string;
  who?: string;
  what: string;
  from?: string;
  account?: string;
  region?: string;
  resources: string[];
  event: FindingEvent;
  /** The record's SHA-256 where it has no eventID: what tells one event from another. */
  fingerprint?: string;
  /** Empty for a detection that needs one event alone. */
  marks: WindowMark[];
  dryRun?: boolean;
}
