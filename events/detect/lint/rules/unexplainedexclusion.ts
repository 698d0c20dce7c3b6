// `unexplained-exclusion`: an exclusion that nobody answers for, or for no reason, is a hole that stays.
import { type DetectionLintRule, SOUND_EXAMPLE } from '../detectionlint.ts';

const excluding = (reason: string) =>
  `${SOUND_EXAMPLE}exclusions: [{ pattern: { detail: { awsRegion: [us-east-1] } }, reason: "${reason}", owner: ops }]\n`;

/** Words that stand where something is still to be written. */
const PLACEHOLDER = /^(\W*|to ?do|tbd|fixme|xxx|n\/a|none|unknown|reason|owner)\W*$/i;

export const unexplainedExclusion: DetectionLintRule = {
  id: 'unexplained-exclusion',
  severity: 'warning',
  title: 'an exclusion has no real reason or owner',
  example: { wrong: excluding('TBD'), right: excluding('tests of the moving of the house') },
  check: ({ detection: { exclusions } }) =>
    exclusions.flatMap((exclusion, at) =>
      (['reason', 'owner'] as const).flatMap((key) =>
        PLACEHOLDER.test(exclusion[key].trim())
          ? [{ path: ['exclusions', at, key], message: `has no real ${key}: \`${exclusion[key]}\``, help: `write ${WHAT[key]}` }]
          : [],
      ),
    ),
};

const WHAT = { reason: 'why this is no finding', owner: 'who answers for it' };
