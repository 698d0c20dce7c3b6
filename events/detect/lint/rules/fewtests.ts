// `few-tests`: the detections that come with Trailbus show two events that they find, and two that they don't.
import { type DetectionLintRule, SOUND_EXAMPLE } from '../detectionlint.ts';

const LEAST = 2;
const more = (kind: string, lines: string) => SOUND_EXAMPLE.replace(new RegExp(`(${kind}: \\[)(.*)\\]`), `$1$2, ${lines}]`);

export const fewTests: DetectionLintRule = {
  id: 'few-tests',
  severity: 'error',
  title: `a detection of the pack has fewer than ${LEAST} tests of a kind`,
  example: {
    wrong: SOUND_EXAMPLE,
    right: more('matches', '{ eventSource: iam.amazonaws.com, eventName: CreateUser, requestParameters: { userName: ann } }').replace(
      /(ignores: \[)(.*)\]/,
      '$1$2, { eventSource: iam.amazonaws.com, eventName: CreateRole }]',
    ),
  },
  check: ({ detection: { tests }, isInPack }) =>
    (['matches', 'ignores'] as const).flatMap((kind) => {
      const count = tests[kind].length;
      if (!isInPack || count === 0 || count >= LEAST) return [];
      return [
        { path: ['tests', kind], message: `has only ${count} test of what it ${kind}`, help: `the pack has at least ${LEAST} of each` },
      ];
    }),
};
