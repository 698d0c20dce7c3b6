// Things in detections that are valid and still wrong: every rule is asked about every detection, and about every pattern in it.
import { placeOfPath } from '../../yamlfile.ts';
import type { DetectionFault, DetectionLintFinding, DetectionLintRule, LintedDetection } from './detectionlint.ts';
import { lintPatterns } from './patterns.ts';
import { DETECTION_LINT_RULES } from './rules.ts';

export type { DetectionLintFinding, DetectionLintRule, LintedDetection } from './detectionlint.ts';
export { isDetectionText } from './detectiontext.ts';
export { DETECTION_LINT_RULES } from './rules.ts';
export { unheardIn, unheardPatterns } from './unheardpatterns.ts';

/** What is found in a detection, by place. */
export const lintDetection = (linted: LintedDetection): DetectionLintFinding[] =>
  [...lintPatterns(linted), ...DETECTION_LINT_RULES.flatMap((by) => by.check(linted).map((fault) => asFinding(fault, by, linted)))].sort(
    (left, right) => left.start.line - right.start.line || left.start.column - right.start.column,
  );

function asFinding(fault: DetectionFault, by: DetectionLintRule, { detection, document }: LintedDetection): DetectionLintFinding {
  const { line, column, path } = placeOfPath(document, fault.path);
  return {
    ...{ rule: detection.id, id: by.id, severity: fault.severity ?? by.severity, message: fault.message },
    ...(fault.help === undefined ? {} : { help: fault.help }),
    ...{ path, source: detection.source, start: { line, column }, end: { line, column: column + 1 } },
  };
}
