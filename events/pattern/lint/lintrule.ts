// What a lint rule is, what it gets to see, and what it gives back.
import type { Leaf, Pattern, Span } from '../ast.ts';
import type { Branch } from '../branches.ts';
import type { PatternError } from '../error.ts';

/** `error`: the rule can't do what it says; `warning`: it probably doesn't; `note`: worth knowing. */
export type LintSeverity = 'error' | 'warning' | 'note';

/** A rule to look at: `pattern` is JSON text, or an object. */
export interface RuleToLint {
  name: string;
  pattern: string | object;
  /** How many targets it is deployed with. */
  targets?: number;
  /** Offsets of values known only after deployment. */
  unresolved?: readonly number[];
}

/** What shows a lint rule at work: one pattern, or rules where a pattern alone doesn't. */
export type LintExample = string | object | readonly Omit<RuleToLint, 'name'>[];

interface LintFacts {
  /** Its name in every answer, and in configuration of code scanning: never to be changed. */
  id: string;
  /** The usual severity; a finding that is less sure has a lower one. */
  severity: LintSeverity;
  /** What it finds, in one line. */
  title: string;
  /** Documentation of the fact behind it. */
  link: string;
  /** `wrong` is found, and `right`, the nearest to it, is not. Both stand in docs/rules.md, and a test runs them. */
  example: { wrong: LintExample; right: LintExample };
}

/** Something to find, in the one way or the other. */
export type LintRule = LintFacts & ({ check: LintCheck } | { compare: BusCheck } | { refused: RefusalCheck });

/** Looks at one rule by itself. */
export type LintCheck = (rule: LintedRule) => RawFinding[];

/** Looks at all rules of a bus, beside each other. */
export type BusCheck = (rules: readonly LintedRule[]) => (RawFinding & { rule: LintedRule })[];

/** Looks at a pattern that can't be read. */
export type RefusalCheck = (refusal: PatternError, text: string) => RawFinding[];

/** A finding as its rule makes it: `lint` adds what is the same in all of them. */
export interface RawFinding extends Span {
  message: string;
  /** What to write instead. */
  help?: string;
  /** Where it isn't the usual one. */
  severity?: LintSeverity;
}

/** Something valid and still wrong, at a place in the pattern's text. */
export interface LintFinding extends RawFinding {
  /** Name of the rule it was found in. */
  rule: string;
  /** What found it, and that one's documentation. */
  id: string;
  link: string;
  severity: LintSeverity;
}

/** A rule that has been read. */
export interface LintedRule {
  name: string;
  pattern: Pattern;
  branches: Branch[];
  leaves: Leaf[];
  targets?: number;
  /** Whether some values are known only after deployment. */
  hasUnknowns: boolean;
}

/** Where AWS explains the facts behind the rules. */
export const CLOUDTRAIL_GUIDE = 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide';
export const EVENTBRIDGE_GUIDE = 'https://docs.aws.amazon.com/eventbridge/latest/userguide';

/** The opening brace of a pattern: the place of what is about the whole of it. */
export const wholePattern = ({ pattern }: LintedRule): Span => ({ at: pattern.root.at, end: pattern.root.at + 1 });
