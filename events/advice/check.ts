// What a check is: what it asks AWS, how it judges the answers, and what its columns are called.
import type { ApiCall, Asker } from './asker.ts';

/** Trusted Advisor's: ok is green, warning yellow, error red; what could not be asked is not available. */
export const STATUSES = ['error', 'warning', 'not_available', 'ok'] as const;
export type Status = (typeof STATUSES)[number];

/** As Trusted Advisor writes them into its Status column. */
export const STATUS_COLOURS: Readonly<Record<Status, string>> = { error: 'Red', warning: 'Yellow', not_available: 'Blue', ok: 'Green' };

export const CATEGORIES = ['security', 'fault_tolerance', 'cost_optimizing', 'performance', 'service_limits'] as const;
export type Category = (typeof CATEGORIES)[number];

/** What a check says of itself, in our own words. */
export interface CheckWords<Column extends string> {
  /** Trusted Advisor's, where it has the check; else our own, `trailbus-trail-health`. */
  id: string;
  name: string;
  category: Category;
  /** What it looks at, and why that matters. */
  description: string;
  /** When a resource is red, yellow, green. */
  criteria: Partial<Record<'red' | 'yellow' | 'green', string>>;
  /** What to do about red and yellow. */
  action: string;
  references: readonly string[];
  /** In Trusted Advisor's order; `Status` and `Region` are filled in. */
  columns: readonly (Column | 'Status' | 'Region')[];
  /** `cis.1.5`, and ids of AWS Config rules and Security Hub controls that ask the same. */
  controls?: readonly string[];
  /** The id of the check that it replaces, or that replaces it, where Trusted Advisor retired one. */
  replaces?: string;
  replacedBy?: string;
}

/** One account in one region of its partition; what is global is asked in the partition's first region. */
export interface AskedPlace {
  account: string;
  region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  partition: string;
}

/** How a resource stands. */
export interface Line<Column extends string> {
  /** What tells the resource from others of the check in its account and region: `sg-0a1`, an ARN, a name. */
  resource: string;
  status: Status;
  /** Values of the check's columns; one that isn't there is empty. */
  values: Partial<Record<Column, string>>;
  /** Why it stands so, for a person who can act on it. */
  reason: string;
  /** Where the resource lies, when that isn't where it was asked for. */
  region?: string;
}

/** What judging may know beside the facts. */
export interface Judging extends AskedPlace {
  /** Milliseconds since 1970. */
  now: number;
}

export interface Check<Facts = unknown, Column extends string = string> extends CheckWords<Column> {
  /** Whether it is asked once for the account, or in each region. */
  scope: 'account' | 'region';
  /** Every call it may make. */
  calls: readonly ApiCall<object, object>[];
  /** Asks; what it gives is raw. @throws NotAnswered for what could not be asked */
  collect(asker: Asker, place: AskedPlace): Promise<Facts>;
  /** Pure. Every resource has a line, the green ones too. */
  judge(facts: Facts, judging: Judging): Line<Column>[];
  /** Event patterns of the calls after which the answer may be another. */
  staleAfter: readonly object[];
}

/** A check as its file exports it: the facts stay its own. */
export const check = <Facts, const Column extends string>(made: Check<Facts, Column>): Check => made as unknown as Check;
