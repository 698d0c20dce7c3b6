// What `emit: matched` lets through: the entries that some rule matches.
import type { BusIdentity, Entry } from '../entry.ts';
import { compileForEntries } from './entrymatcher.ts';
import { type Rule, RuleError, readRules, withOwnNames } from './rulefile.ts';

/** Texts of rule files, by their names. */
export type RuleTexts = ReadonlyMap<string, string>;

/** A value that only another deployment knows would match nothing, and its records would be lost in silence. */
function refuseUnknowns(rules: Rule[]): void {
  for (const { name, source, place, unresolved } of rules) {
    if (unresolved.length === 0) continue;
    throw new RuleError(`rule \`${name}\` has ${unresolved.length} value(s) that are known only after its own deployment`, {
      source,
      ...place,
      help: 'write the values out, or give the rule as `aws events describe-rule` prints it',
    });
  }
}

/**
 * The predicate of a policy from rule files: does some rule match the entry?
 * @throws RuleError, PatternError with file, line and column
 */
export function checkRules(files: RuleTexts, bus: BusIdentity = {}): (entry: Entry) => boolean {
  const rules = withOwnNames([...files].flatMap(([name, text]) => readRules(text, name)));
  refuseUnknowns(rules);
  return compileForEntries(rules, files, bus).wanted;
}
