// `title-field-absent`: a title that names a field which no event of the tests has will say `unknown`.
import { nearest } from '../../../pattern/index.ts';
import { isFields, valuesAt } from '../../record.ts';
import { fieldsOfTitle } from '../../title.ts';
import { type DetectionLintRule, type LintedDetection, SOUND_EXAMPLE } from '../detectionlint.ts';

export const titleFieldAbsent: DetectionLintRule = {
  id: 'title-field-absent',
  severity: 'warning',
  title: 'the title names a field that no event of the tests has',
  example: { wrong: SOUND_EXAMPLE.replace('{requestParameters.userName}', '{requestParameters.user}'), right: SOUND_EXAMPLE },
  check: (linted) => {
    const records = matchingRecords(linted);
    if (records.length === 0) return [];
    return fieldsOfTitle(linted.detection.title)
      .filter((field) => records.every((record) => valuesAt(record, field).length === 0))
      .map((field) => {
        const meant = nearest(field, [...new Set(records.flatMap((record) => fieldPathsOf(record)))]);
        const help = meant === undefined ? 'name a field that these events have' : `did you mean \`${meant}\`?`;
        return { path: ['title'], message: `no event under \`tests.matches\` has \`${field}\``, help };
      });
  },
};

const matchingRecords = ({ detection, recordsOf }: LintedDetection): object[] => detection.tests.matches.flatMap(recordsOf);

function fieldPathsOf(value: unknown, depth = 0): string[] {
  if (Array.isArray(value)) return value.slice(0, 1).flatMap((item) => fieldPathsOf(item, depth));
  if (!isFields(value) || depth > 6) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...fieldPathsOf(inner, depth + 1).map((path) => `${key}.${path}`)]);
}
