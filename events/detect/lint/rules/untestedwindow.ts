// `untested-window`: what needs several events is shown by several events.
import type { WindowFields } from '../../detection.ts';
import { type DetectionLintRule, SOUND_EXAMPLE } from '../detectionlint.ts';

const counting = (window: string) => `${SOUND_EXAMPLE}window: ${window}\n`;

export const untestedWindow: DetectionLintRule = {
  id: 'untested-window',
  severity: 'warning',
  title: 'a window has no test of several events',
  example: {
    wrong: counting('{ threshold: 2, within: 5m, by: account }'),
    right: counting('{ threshold: 1, within: 5m, by: account }'),
  },
  check: ({ detection: { window, tests }, recordsOf }) => {
    if (window === undefined || !needsSeveral(window) || tests.matches.length === 0) return [];
    if (tests.matches.some((test) => recordsOf(test).length > 1)) return [];
    const help = 'add a list of events under `tests.matches`: they are told in order';
    return [{ path: ['tests', 'matches'], message: 'has a window, and no test of several events', help }];
  },
};

const needsSeveral = (window: WindowFields): boolean => !('threshold' in window) || window.threshold > 1;
