// The lint rules of patterns, asked of every pattern that a detection has, wherever it stands.
import { type LintFinding, lint, type RuleToLint } from '../../pattern/lint/index.ts';
import { placeOf } from '../../rules/index.ts';
import type { Detection } from '../detectionfile.ts';
import { type PlacedPattern, withBlocks } from '../patternsinfile.ts';
import type { DetectionLintFinding, LintedDetection } from './detectionlint.ts';

/** Detections are asked of records, never of findings. */
const NOT_OF_DETECTIONS = new Set(['own-output']);
/** Limits of a bus: they concern a detection only when it is deployed as a rule of its own. */
const OF_A_BUS = new Set(['pattern-too-long', 'too-many-wildcards', 'too-many-rules']);

/** An exclusion that asks for a field excludes the less for it: the careful side. */
const NOT_OF_EXCLUSIONS = new Set(['anything-but-absent']);

/** What is found in the patterns of a detection. Patterns of one list are held beside each other, too. */
export const lintPatterns = ({ detection, document }: LintedDetection): DetectionLintFinding[] =>
  patternLists(detection).flatMap((patterns) => {
    const byPath = new Map(patterns.map((pattern) => [pattern.path, pattern]));
    return lint(patterns.map(toLint))
      .filter(({ id, rule }) => !NOT_OF_DETECTIONS.has(id) && !(rule.startsWith('exclusions[') && NOT_OF_EXCLUSIONS.has(id)))
      .map((finding) => placedIn(document.file, byPath.get(finding.rule)!, finding, detection));
  });

const patternLists = ({ patterns, steps, raise, exclusions }: Detection): PlacedPattern[][] => [
  patterns,
  ...[...steps, ...raise, ...exclusions].map((each) => each.patterns),
];

/** With a block where a list of blocks stands; what a list holds is not looked at. */
function toLint({ text, path }: PlacedPattern): RuleToLint {
  const unresolved = [...text.matchAll(/"\$\w+"(?!\s*:)/g)].map(({ index }) => index);
  return { name: path, pattern: withBlocks(text), unresolved };
}

function placedIn(file: string, pattern: PlacedPattern, finding: LintFinding, { id, source }: Detection): DetectionLintFinding {
  const start = placeOf(pattern, file, finding.at);
  const end = placeOf(pattern, file, Math.max(finding.end, finding.at));
  const isSound = end.line > start.line || (end.line === start.line && end.column > start.column);
  const { message, help, link } = finding;
  return {
    ...{ rule: id, id: finding.id, severity: OF_A_BUS.has(finding.id) ? 'note' : finding.severity, message, link },
    ...(help === undefined ? {} : { help }),
    ...{ path: pattern.path, source, start, end: isSound ? end : { ...start, column: start.column + 1 } },
  };
}
