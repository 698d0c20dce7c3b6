// Things in rules that are valid and still wrong.
import { leavesOf } from '../ast.ts';
import { branchesOf, TooManyBranches } from '../branches.ts';
import { compile } from '../compile.ts';
import { offsetAt, PatternError } from '../error.ts';
import { parsePattern } from '../parse.ts';
import { coveredRules, repeatedKeys, unreachableArms } from './cover.ts';
import { detailTypes, envelopeAccount, matchesEverything, misplacedFields, nativeSources, ownOutput } from './envelope.ts';
import { type Check, type Finding, LINT, type LintedRule } from './finding.ts';
import { MOST_RULES, tooLong, tooManyTargets, tooManyWildcards } from './limits.ts';
import { disagreeingSources, unknownEventNames, unknownEventSources } from './names.ts';
import {
  anythingButAbsent,
  anythingButLists,
  cidrOnServiceNames,
  impossibleValues,
  numbersAsStrings,
  starsInStrings,
  stringsAsNumbers,
} from './values.ts';

export { type Finding, LINT, type LintId, type LintName, type Severity } from './finding.ts';

const CHECKS: readonly Check[] = [
  ...[unknownEventNames, unknownEventSources, disagreeingSources],
  ...[nativeSources, detailTypes, envelopeAccount, misplacedFields, ownOutput, matchesEverything],
  ...[anythingButLists, anythingButAbsent, numbersAsStrings, stringsAsNumbers, cidrOnServiceNames, impossibleValues, starsInStrings],
  ...[tooLong, tooManyWildcards, tooManyTargets, unreachableArms, repeatedKeys],
];

/** A rule to look at: `pattern` is JSON text, or an object. */
export interface RuleToLint {
  name: string;
  pattern: string | object;
  /** How many targets it is deployed with. */
  targets?: number;
  /** Offsets of values known only after deployment. */
  unresolved?: readonly number[];
}

/**
 * Looks at rules one by one and beside each other.
 *
 * @returns findings in rule order, by place; `at` and `end` are offsets in the rule's pattern text (of an object: its `JSON.stringify`)
 */
export function lint(rules: readonly RuleToLint[]): Finding[] {
  const found = new Map(rules.map((rule) => [rule, [] as Finding[]]));
  const linted = rules.flatMap((rule) => {
    const read = readRule(rule, found.get(rule)!);
    return read === undefined ? [] : [{ rule, read }];
  });
  for (const { rule, read } of linted) found.get(rule)!.push(...checkRule(read).filter((finding) => !isAboutUnknown(finding, rule)));
  compareRules(linted, found);
  return [...found.values()].flatMap((findings) => findings.sort((left, right) => left.at - right.at));
}

/** Whether a finding is about a value that only a deployment knows: whatever it is now, it will be something else. */
const isAboutUnknown = ({ at, end }: Finding, { unresolved = [] }: RuleToLint): boolean =>
  at > 0 && unresolved.some((offset) => at <= offset && offset < end);

/** Parses a rule; what EventBridge refuses becomes a finding, and nothing else is said of it. */
function readRule({ name, pattern, targets, unresolved = [] }: RuleToLint, found: Finding[]): LintedRule | undefined {
  try {
    const parsed = parsePattern(pattern, name);
    // Limits are checked at compiling.
    compile([{ name, pattern: parsed.text }]);
    const rule = { name, pattern: parsed, branches: branchesOf(parsed.root), leaves: [...leavesOf(parsed.root)] };
    return { ...rule, hasUnknowns: unresolved.length > 0, ...(targets === undefined ? {} : { targets }) };
  } catch (error) {
    if (!(error instanceof PatternError || error instanceof TooManyBranches)) throw error;
    found.push(invalid(name, pattern, error));
    return undefined;
  }
}

function invalid(rule: string, pattern: string | object, error: PatternError | TooManyBranches): Finding {
  const text = typeof pattern === 'string' ? pattern : (JSON.stringify(pattern) ?? '');
  const at = error instanceof PatternError ? offsetAt(text, error) : error.or.at;
  const message = error instanceof PatternError ? error.reason.split('\n')[0]! : error.message;
  const help = error instanceof PatternError && error.help !== undefined ? { help: error.help } : {};
  return { rule, id: 'invalid-pattern', severity: 'error', message, ...help, at, end: at + 1 };
}

const checkRule = (rule: LintedRule): Finding[] =>
  CHECKS.flatMap((check) => check(rule)).map((found) => ({ rule: rule.name, severity: LINT[found.id].severity, ...found }));

function compareRules(linted: { rule: RuleToLint; read: LintedRule }[], found: Map<RuleToLint, Finding[]>): void {
  const ruleOf = new Map(linted.map(({ rule, read }) => [read, rule]));
  for (const { rule, by } of coveredRules(linted.map(({ read }) => read))) {
    const message = `rule \`${by.name}\` matches everything that this one does`;
    const { at } = rule.pattern.root;
    found
      .get(ruleOf.get(rule)!)!
      .push({ rule: rule.name, id: 'covered-rule', severity: 'warning', message, help: 'leave one of the two out', at, end: at + 1 });
  }
  const last = linted[MOST_RULES];
  if (last === undefined) return;
  const message = `${linted.length} rules, and a bus may have ${MOST_RULES}`;
  const { at } = last.read.pattern.root;
  found.get(last.rule)!.push({
    rule: last.read.name,
    id: 'too-many-rules',
    severity: 'warning',
    message,
    help: 'ask for a higher quota, or join rules',
    at,
    end: at + 1,
  });
}
