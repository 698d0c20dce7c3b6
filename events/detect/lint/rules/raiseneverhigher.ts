// `raise-never-higher`: a raise to what the detection has anyway changes nothing.
import { isAtLeast } from '../../../finding.ts';
import { type DetectionLintRule, SOUND_EXAMPLE } from '../detectionlint.ts';

const raising = (to: string) => `${SOUND_EXAMPLE}raise: [{ to: ${to}, pattern: { detail: { userIdentity: { type: [Root] } } } }]\n`;

export const raiseNeverHigher: DetectionLintRule = {
  id: 'raise-never-higher',
  severity: 'warning',
  title: 'a raise lifts to no more than the detection’s own severity',
  example: { wrong: raising('medium'), right: raising('high') },
  check: ({ detection: { severity, raise } }) =>
    raise.flatMap(({ to }, at) =>
      isAtLeast(severity, to)
        ? [
            {
              path: ['raise', at, 'to'],
              message: `\`${to}\` is no higher than the detection’s own \`${severity}\``,
              help: 'lower the detection’s, or take the raise out',
            },
          ]
        : [],
    ),
};
