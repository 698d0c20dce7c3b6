// `no-tests`: nothing shows that a detection finds what it should, or that it leaves alone what it shouldn't.
import { type DetectionLintRule, SOUND_EXAMPLE } from '../detectionlint.ts';

export const noTests: DetectionLintRule = {
  id: 'no-tests',
  severity: 'warning',
  title: 'tests are missing',
  example: { wrong: SOUND_EXAMPLE.replace(/\n {2}ignores: .*/, ''), right: SOUND_EXAMPLE },
  check: ({
    detection: {
      tests: { matches, ignores },
    },
    isInPack,
  }) => {
    const missing = [...(matches.length === 0 ? ['matches'] : []), ...(ignores.length === 0 ? ['ignores'] : [])];
    if (missing.length === 0) return [];
    const message = `has no test of what it ${missing.join(' and of what it ')}`;
    const help = 'add events under `tests`; `trailbus rules new` fills them in from one event';
    return [{ path: ['tests'], message, help, ...(isInPack ? { severity: 'error' as const } : {}) }];
  },
};
