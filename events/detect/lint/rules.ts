// Everything that is looked for in detections besides their patterns, a file each in `rules/`. docs/rules.md lists them in this order.
import type { DetectionLintRule } from './detectionlint.ts';
import { expiredExclusion } from './rules/expiredexclusion.ts';
import { fewTests } from './rules/fewtests.ts';
import { incomplete } from './rules/incomplete.ts';
import { noTests } from './rules/notests.ts';
import { oddTag } from './rules/oddtag.ts';
import { raiseNeverHigher } from './rules/raiseneverhigher.ts';
import { successAndError } from './rules/successanderror.ts';
import { titleFieldAbsent } from './rules/titlefieldabsent.ts';
import { unexplainedExclusion } from './rules/unexplainedexclusion.ts';
import { untestedWindow } from './rules/untestedwindow.ts';

export const DETECTION_LINT_RULES: readonly DetectionLintRule[] = [
  noTests,
  fewTests,
  untestedWindow,
  incomplete,
  titleFieldAbsent,
  oddTag,
  raiseNeverHigher,
  successAndError,
  expiredExclusion,
  unexplainedExclusion,
];
