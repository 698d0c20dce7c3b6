// `incomplete`: who is told of a finding at night reads the detection, and must find there what it means and what to do.
import { type DetectionLintRule, PLAIN_KEYS, SOUND_EXAMPLE } from '../detectionlint.ts';

/** In the order of the file. */
const WANTED = ['title', 'description', 'tags', 'falsePositives', 'runbook'] as const;

export const incomplete: DetectionLintRule = {
  id: 'incomplete',
  severity: 'warning',
  title: 'title, description, tags, false positives or runbook are missing',
  example: { wrong: SOUND_EXAMPLE.replace(/\nrunbook: .*/, ''), right: SOUND_EXAMPLE },
  check: ({ document: { value }, isInPack }) => {
    const keys = Object.keys(value as object);
    const missing = WANTED.filter((key) => isEmpty((value as Record<string, unknown>)[key]));
    // A rule of a bus has none of them.
    if (missing.length === 0 || keys.every((key) => PLAIN_KEYS.has(key))) return [];
    const message = `has no ${missing.join(', no ')}`;
    return [{ path: [], message, help: 'say what it means and what to do next', ...(isInPack ? { severity: 'error' as const } : {}) }];
  },
};

const isEmpty = (value: unknown): boolean => value === undefined || value === null || (Array.isArray(value) && value.length === 0);
