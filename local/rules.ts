// Rules on the in-process bus: which entries they match, and how often.
import type { Entry } from '../events/entry.ts';
import { compileForEntries, type EntryMatcher, type Rule } from '../events/rules/index.ts';
import type { RuleFiles } from './rulefiles.ts';

export type OnMatch = (rules: Rule[], entry: Entry) => void;

/** A listener for the bus. */
export class RuleListener {
  /** Matches of each rule, in rule order; 0 for one that matched nothing. */
  readonly counts: Map<string, number>;
  private readonly rules: Map<string, Rule>;
  private readonly matcher: EntryMatcher;
  private readonly onMatch: OnMatch;

  /** @throws PatternError with the place in the rule's file */
  constructor({ rules, files }: RuleFiles, onMatch: OnMatch) {
    this.counts = new Map(rules.map(({ name }) => [name, 0]));
    this.rules = new Map(rules.map((rule) => [rule.name, rule]));
    this.matcher = compileForEntries(rules, files);
    this.onMatch = onMatch;
  }

  listen(entry: Entry): void {
    const names = this.matcher.matching(entry);
    if (names.length === 0) return;
    for (const name of names) this.counts.set(name, this.counts.get(name)! + 1);
    this.onMatch(
      names.map((name) => this.rules.get(name)!),
      entry,
    );
  }
}
