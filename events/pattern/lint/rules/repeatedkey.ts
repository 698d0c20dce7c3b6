// `repeated-key`: a field whose place a later one of the same path takes.
import type { Fields, Leaf, PatternEntry } from '../../ast.ts';
import { EVENTBRIDGE_GUIDE, type LintRule, type RawFinding } from '../lintrule.ts';

export const repeatedKey: LintRule = {
  id: 'repeated-key',
  severity: 'warning',
  title: 'a later field of the same path takes this one’s place',
  link: `${EVENTBRIDGE_GUIDE}/eb-event-patterns.html`,
  example: {
    wrong: '{"detail":{"eventName":["RunInstances"],"eventName":["StopInstances"]}}',
    right: '{"detail":{"eventName":["RunInstances","StopInstances"]}}',
  },
  check: ({ pattern }) => repeatedIn(pattern.root),
};

function repeatedIn(fields: Fields): RawFinding[] {
  const leaves = fields.entries.filter((entry): entry is Leaf => entry.kind === 'leaf');
  const found = leaves.flatMap(({ key }, index) => {
    const later = leaves.slice(index + 1).some((other) => other.key.path === key.path);
    if (!later) return [];
    const message = `\`${key.path}\` stands here twice: only the later one counts`;
    return [{ message, help: 'put all values into one list', at: key.at, end: key.end }];
  });
  return [...found, ...fields.entries.flatMap(repeatedBelow)];
}

function repeatedBelow(entry: PatternEntry): RawFinding[] {
  if (entry.kind === 'nested') return repeatedIn(entry.fields);
  return entry.kind === 'or' ? entry.arms.flatMap(repeatedIn) : [];
}
