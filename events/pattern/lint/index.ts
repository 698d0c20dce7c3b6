// Things in rules that are valid and still wrong: every rule of `rules.ts` is asked about every rule given.
import { leavesOf } from '../ast.ts';
import { branchesOf } from '../branches.ts';
import { compile } from '../compile.ts';
import { PatternError } from '../error.ts';
import { parsePattern } from '../parse.ts';
import type { LintedRule, LintFinding, LintRule, RawFinding, RuleToLint } from './lintrule.ts';
import * as RULES from './rules.ts';

export { isAboutOthers } from './about.ts';
export type { LintExample, LintFinding, LintRule, LintSeverity, RuleToLint } from './lintrule.ts';
export { type UnheardLeaf, unheardLeaf } from './unheard.ts';

/** Everything lint can find, by id: the order of docs/rules.md, and of findings at one place. */
export const LINT_RULES: readonly LintRule[] = Object.values<LintRule>(RULES).sort((left, right) => (left.id < right.id ? -1 : 1));

/** A rule and what was found in it so far; `read` where it could be read. */
interface Looked {
  given: RuleToLint;
  read: LintedRule | undefined;
  findings: LintFinding[];
}

/**
 * Looks at rules one by one and beside each other.
 *
 * @returns findings in rule order, by place; `at` and `end` are offsets in the rule's pattern text (of an object: its `JSON.stringify`)
 */
export function lint(rules: readonly RuleToLint[]): LintFinding[] {
  const looked = rules.map(lookAt);
  compareRules(looked);
  return looked.flatMap(({ findings }) => findings.sort((left, right) => left.at - right.at));
}

/** Looks at one rule alone. Of one that EventBridge refuses nothing else is said. */
function lookAt(given: RuleToLint): Looked {
  try {
    const read = readRule(given);
    return { given, read, findings: checkRule(read).filter((finding) => !isAboutUnknown(finding, given)) };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const text = typeof given.pattern === 'string' ? given.pattern : (JSON.stringify(given.pattern) ?? '');
    const findings = LINT_RULES.flatMap((by) => ('refused' in by ? by.refused(error, text).map(asFinding(by, given.name)) : []));
    return { given, read: undefined, findings };
  }
}

/** @throws PatternError */
function readRule({ name, pattern: given, targets, unresolved = [] }: RuleToLint): LintedRule {
  const pattern = parsePattern(given, name);
  // Limits are checked at compiling.
  compile([{ name, pattern: pattern.text }]);
  const rule = { name, pattern, branches: branchesOf(pattern.root), leaves: [...leavesOf(pattern.root)] };
  return { ...rule, hasUnknowns: unresolved.length > 0, ...(targets === undefined ? {} : { targets }) };
}

const checkRule = (rule: LintedRule): LintFinding[] =>
  LINT_RULES.flatMap((by) => ('check' in by ? by.check(rule).map(asFinding(by, rule.name)) : []));

const asFinding =
  ({ id, severity, link }: LintRule, rule: string) =>
  ({ message, help, at, end, severity: own = severity }: RawFinding): LintFinding => ({
    ...{ rule, id, severity: own, message },
    ...(help === undefined ? {} : { help }),
    ...{ link, at, end },
  });

/** Whether a finding is about a value that only a deployment knows: whatever it is now, it will be something else. */
const isAboutUnknown = ({ at, end }: LintFinding, { unresolved = [] }: RuleToLint): boolean =>
  at > 0 && unresolved.some((offset) => at <= offset && offset < end);

function compareRules(looked: readonly Looked[]): void {
  const byRead = new Map(looked.flatMap((each) => (each.read === undefined ? [] : [[each.read, each] as const])));
  for (const by of LINT_RULES)
    if ('compare' in by)
      for (const found of by.compare([...byRead.keys()])) byRead.get(found.rule)!.findings.push(asFinding(by, found.rule.name)(found));
}
