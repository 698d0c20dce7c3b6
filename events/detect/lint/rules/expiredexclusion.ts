// `expired-exclusion`: an exclusion whose last day is over excludes nothing any more.
import { type DetectionLintRule, SOUND_EXAMPLE } from '../detectionlint.ts';

const until = (day: string) =>
  `${SOUND_EXAMPLE}exclusions: [{ pattern: { detail: { awsRegion: [us-east-1] } }, reason: moving house, owner: ops, until: ${day} }]\n`;

export const expiredExclusion: DetectionLintRule = {
  id: 'expired-exclusion',
  severity: 'warning',
  title: 'an exclusion is over, and excludes nothing any more',
  example: { wrong: until('2020-01-31'), right: until('2199-01-31') },
  check: ({ detection: { exclusions }, today }) =>
    exclusions.flatMap(({ until: last, owner }, at) =>
      last === undefined || last >= today
        ? []
        : [
            {
              path: ['exclusions', at, 'until'],
              message: `held until ${last} and excludes nothing any more`,
              help: `take it out, or ask ${owner} whether it shall hold on`,
            },
          ],
    ),
};
