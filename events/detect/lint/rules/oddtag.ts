// `odd-tag`: a tag of ATT&CK that names no tactic and no technique is in no table of what is covered.
import { nearest } from '../../../pattern/index.ts';
import { isTechniqueTag, TACTICS } from '../../attack.ts';
import { type DetectionLintRule, SOUND_EXAMPLE } from '../detectionlint.ts';

export const oddTag: DetectionLintRule = {
  id: 'odd-tag',
  severity: 'warning',
  title: 'a tag of ATT&CK names no tactic and no technique',
  example: { wrong: SOUND_EXAMPLE.replace('attack.persistence', 'attack.persistance'), right: SOUND_EXAMPLE },
  check: ({ detection: { tags }, document }) =>
    tags.flatMap((tag, at) => {
      const name = /^attack\.(.*)$/.exec(tag)?.[1];
      if (name === undefined || isTechniqueTag(tag) || TACTICS.some(({ tag: known }) => known === tag)) return [];
      const meant = nearest(
        name,
        TACTICS.map((tactic) => tactic.tag.slice('attack.'.length)),
      );
      const help = meant === undefined ? 'write attack.t1562.008 or attack.defense-evasion' : `did you mean \`attack.${meant}\`?`;
      const isListed = Array.isArray((document.value as { tags?: unknown }).tags);
      return [{ path: isListed ? ['tags', at] : ['tags'], message: `\`${tag}\` is no tactic and no technique`, help }];
    }),
};
