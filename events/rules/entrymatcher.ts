// Which entries some rule matches: for `emit: matched`, and for rules on the in-process bus.
import type { Entry } from '../entry.ts';
import { compile } from '../pattern/compile.ts';
import { PatternError } from '../pattern/error.ts';
import { placeOf, type Rule, readRules, withOwnNames } from './rulefile.ts';

/** The bus that entries are put on, as far as it is known: an event's `account` and `region` are the bus's, not the record's. */
export interface BusIdentity {
  account?: string;
  region?: string;
}

/** The event that an entry becomes on the bus, without its `detail`. */
export function envelopeOf({ source, detailType, time, resources }: Entry, bus: BusIdentity = {}): object {
  return { version: '0', source, 'detail-type': detailType, ...bus, time, resources };
}

/** Compiled rules that name what an entry matches. */
export interface EntryMatcher {
  /** Names of the rules an entry matches, in rule order. */
  matching(entry: Entry): string[];
  /** Whether there is one. */
  wanted(entry: Entry): boolean;
}

/**
 * Compiles rules to be asked about entries. Of a record only the fields that rules name are read, in its own bytes.
 * @param files  the text of each rule file, by its name
 * @throws PatternError with the place in the file
 */
export function compileForEntries(rules: readonly Rule[], files: ReadonlyMap<string, string>, bus: BusIdentity = {}): EntryMatcher {
  const compiled = compile([]);
  for (const rule of rules) addRule(compiled, rule, files.get(rule.source) ?? rule.pattern);
  return {
    matching: (entry) => compiled.matchEntry(envelopeOf(entry, bus), entry.record.bytes),
    wanted: (entry) => compiled.matchesEntry(envelopeOf(entry, bus), entry.record.bytes),
  };
}

function addRule(compiled: ReturnType<typeof compile>, rule: Rule, file: string): void {
  try {
    compiled.add(rule);
  } catch (error) {
    throw error instanceof PatternError ? inFile(error, rule, file) : error;
  }
}

/** The error of a pattern, with the place in the file it came from. */
export function inFile(error: PatternError, rule: Rule, file: string): PatternError {
  const place = placeOf(rule, file, offsetOf(rule.pattern, error));
  return new PatternError(error.reason, {
    ...place,
    source: `${rule.source}:${place.line}:${place.column}`,
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.help === undefined ? {} : { help: error.help }),
    cause: error,
  });
}

/** The offset of a line and column in a text. */
function offsetOf(text: string, { line, column }: { line: number; column: number }): number {
  let start = 0;
  for (let passed = 1; passed < line; passed++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

/**
 * The predicate that `Policy.wanted` takes, from the text of one rules file (any form that `readRules` knows).
 * @throws RuleError, PatternError
 */
export function wantedBy(text: string, source: string, bus: BusIdentity = {}): (entry: Entry) => boolean {
  const rules = withOwnNames(readRules(text, source));
  return compileForEntries(rules, new Map([[source, text]]), bus).wanted;
}
