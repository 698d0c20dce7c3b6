// A run about to begin: what its options have made of it.
import type { OffDetection } from '../events/detect/index.ts';
import type { Finding, Severity } from '../events/finding.ts';
import type { Policy } from '../events/process.ts';
import type { EntryListener } from '../local/bus.ts';
import type { SourceListing } from './sources.ts';

/** What the command line says of detections. */
export interface Detecting {
  config?: string;
  /** Files and folders of one's own. */
  detections: readonly string[];
  /** Every one, those too that are off by themselves or in the configuration. */
  all: boolean;
  floor: Severity;
  state?: string;
  /** Findings in order of time, at the end. */
  sort: boolean;
  /** Something was said of them. */
  isAsked: boolean;
  /** The run has another job: entries are written, or rules are asked. */
  isAside: boolean;
  /** None are to be asked. */
  isOff: boolean;
}

/** What a run found, and what was not asked. */
export interface FoundInRun {
  /** By the finding's id, as it stands. */
  findings: ReadonlyMap<string, Finding>;
  /** Detections that are off by themselves, or that the configuration turns off. */
  off: readonly OffDetection[];
  /** Detections that are on and can't be asked, for want of a list. */
  lacking: readonly OffDetection[];
}

/** A run about to begin. */
export interface RunPlan {
  readonly listing: SourceListing;
  policy: Policy;
  /** Told of every entry, one after the other. */
  readonly listeners: EntryListener[];
  /** Where answers go. */
  answers: NodeJS.WriteStream;
  /** One JSON object a line. */
  json: boolean;
  /** Whether folders are followed once they are walked. */
  follow: boolean;
  /** End with 0 though something was found. */
  isExitZero: boolean;
  /** Whether nobody takes what comes any more. */
  isOver: () => boolean;
  /** Called after each file while folders are followed. */
  readonly flushes: (() => void)[];
  /** Called after each file, and told whether none waits to be read after it. */
  readonly afterFiles: ((isLast: boolean) => Promise<void>)[];
  /** Called when the last file is walked. */
  readonly ends: (() => void | Promise<void>)[];
  /** How often each rule matched; undefined where no rules are asked. */
  matches?: ReadonlyMap<string, number>;
  /** What is said of detections. */
  readonly detecting: Detecting;
  /** What they found. */
  found?: FoundInRun;
}
