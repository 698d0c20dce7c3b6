// Patterns of detections that no entry matches, whatever it holds.
import { unheardLeaf } from '../../pattern/lint/index.ts';
import type { FileFault } from '../../yamlfile.ts';
import type { Detection } from '../detectionfile.ts';
import { type PlacedPattern, withBlocks } from '../patternsinfile.ts';

/** What a pattern that matches nothing is for, by the key it stands under. */
const FOR_NOTHING: [RegExp, string][] = [
  [/^exclusions/, 'excludes nothing'],
  [/^raise/, 'raises nothing'],
  [/^/, 'finds nothing'],
];

/** The first pattern of each detection that no entry matches for its source or detail-type. */
export const unheardPatterns = (detections: readonly Detection[]): FileFault[] =>
  detections.flatMap(({ source, patterns, steps, raise, exclusions }) => {
    const all = [...patterns, ...[...steps, ...raise, ...exclusions].flatMap((each) => each.patterns)];
    return unheardIn(all, source).slice(0, 1);
  });

/** Those among patterns of one file. */
export const unheardIn = (patterns: readonly PlacedPattern[], source: string): FileFault[] =>
  patterns.flatMap(({ text, place, path }) => {
    const leaf = unheardLeaf(withBlocks(text));
    if (leaf === undefined) return [];
    const [, effect] = FOR_NOTHING.find(([under]) => under.test(path))!;
    return [{ source, ...place, path: `${path}.${leaf.path}`, message: `${effect}: ${leaf.message}`, help: leaf.help }];
  });
