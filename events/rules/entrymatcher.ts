// Which entries some rule matches: for `emit: matched`, and for rules on the in-process bus.
import { type BusIdentity, type Entry, envelopeOf } from '../entry.ts';
import { compile, offsetAt, PatternError } from '../pattern/index.ts';
import { placeOf, type Rule } from './rulefile.ts';

/** Compiled rules that name what an entry matches. */
export interface EntryMatcher {
  /** Names of the rules an entry matches, in rule order. */
  matching(entry: Entry): readonly string[];
  /** Whether there is one. */
  wanted(entry: Entry): boolean;
  /**
   * The same for an event that came as JSON text, from whatever bus.
   * @throws EventError when it is no JSON object
   */
  matchingEvent(event: string): string[];
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
    matching: (entry) => compiled.glance(entry) ?? compiled.matchEntry(envelopeOf(entry, bus), entry.record.bytes),
    wanted: (entry) => {
      const names = compiled.glance(entry);
      return names === undefined ? compiled.matchesEntry(envelopeOf(entry, bus), entry.record.bytes) : names.length > 0;
    },
    matchingEvent: (event) => compiled.matchText(event),
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
  const place = placeOf(rule, file, offsetAt(rule.pattern, error));
  return new PatternError(error.reason, {
    ...place,
    source: `${rule.source}:${place.line}:${place.column}`,
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.help === undefined ? {} : { help: error.help }),
    cause: error,
  });
}
