// `anything-but-list`: several `anything-but` in one list, of which one is enough.
import { excludesNothing } from '../leaves.ts';
import { EVENTBRIDGE_GUIDE, type LintRule } from '../lintrule.ts';

export const anythingButList: LintRule = {
  id: 'anything-but-list',
  severity: 'error',
  title: 'several `anything-but` in one list let every value through',
  link: `${EVENTBRIDGE_GUIDE}/eb-create-pattern-operators.html`,
  example: {
    wrong: { detail: { awsRegion: [{ 'anything-but': 'us-east-1' }, { 'anything-but': 'us-west-2' }] } },
    right: { detail: { awsRegion: [{ 'anything-but': ['us-east-1', 'us-west-2'] }] } },
  },
  check: ({ leaves }) =>
    leaves.flatMap(({ key, matchers }) => {
      const buts = matchers.filter(({ kind }) => kind === 'anything-but');
      if (buts.length < 2) return [];
      const all = excludesNothing(matchers);
      const effect = all ? 'let every value through' : 'hardly exclude anything';
      const message = `one of a list is enough: ${buts.length} anything-but in \`${key.path}\` ${effect}`;
      const { at, end } = buts[1]!;
      return [{ severity: all ? 'error' : 'warning', message, help: 'write one: [{"anything-but": ["a", "b"]}]', at, end }];
    }),
};
