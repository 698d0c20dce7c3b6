// Native rules to our source prefix and back: only the prefix changes, the rest of the file stays byte for byte.
import { type Feed, isSourceOf, SOURCE_PREFIX } from '../cloudtrail.ts';
import { type Leaf, leavesOf, PatternError, parsePattern, type Span } from '../pattern/index.ts';
import { isAboutOthers } from '../pattern/lint/index.ts';
import { inFile } from './entrymatcher.ts';
import { fileOffset } from './patterntext.ts';
import { placeOf, type Rule, RuleError, readRules } from './rulefile.ts';

/** The file after porting. */
export interface Ported {
  text: string;
  /** Names of the rules that changed. */
  changed: string[];
  /** Names of the rules about events that don't come from CloudTrail, left as they are. */
  left: string[];
}

/** A change in the file. */
interface Edit {
  at: number;
  before: string;
  after: string;
}

/**
 * Changes `aws.…` to `cloudtrail.…` (or back) in every `source` of every rule of a file.
 * @throws RuleError, PatternError
 */
export function portRules(file: string, source: string, to: Feed): Ported {
  const from: Feed = to === 'native' ? 'trailbus' : 'native';
  const changed: string[] = [];
  const left: string[] = [];
  const edits: Edit[] = [];
  for (const rule of readRules(file, source)) {
    const found = editsOf(rule, file, from, to);
    if (found.length === 0) continue;
    if (isAboutOthers(leavesOfRule(rule, file))) left.push(rule.name);
    else {
      changed.push(rule.name);
      edits.push(...found);
    }
  }
  return { text: applied(file, edits), changed, left };
}

function leavesOfRule(rule: Rule, file: string): Leaf[] {
  try {
    return [...leavesOf(parsePattern(rule.pattern, rule.source).root)];
  } catch (error) {
    throw error instanceof PatternError ? inFile(error, rule, file) : error;
  }
}

function editsOf(rule: Rule, file: string, from: Feed, to: Feed): Edit[] {
  const [before, after] = [SOURCE_PREFIX[from], SOURCE_PREFIX[to]];
  return leavesOfRule(rule, file)
    .filter(({ key }) => key.path === 'source')
    .flatMap((leaf) =>
      stringsIn(rule.pattern, { at: leaf.key.end, end: leaf.end })
        .filter(({ at, end }) => isSourceOf(from, rule.pattern.slice(at, end)))
        .map(({ at }) => ({ at: exactPlace(rule, file, at, before), before, after })),
    );
}

/** The insides of JSON strings in a part of a text. */
function stringsIn(text: string, { at, end }: Span): Span[] {
  const strings = text.slice(at, end).matchAll(/"((?:[^"\\]|\\.)*)"/g);
  return [...strings].map((match) => ({ at: at + match.index + 1, end: at + match.index + match[0].length - 1 }));
}

function exactPlace(rule: Rule, file: string, offset: number, text: string): number {
  const { at, exact } = fileOffset(rule.segments, offset);
  if (exact && file.startsWith(text, at)) return at;
  throw new RuleError('the source is written in a way that can’t be changed in place', {
    source: rule.source,
    ...placeOf(rule, file, offset),
    path: rule.name,
    help: 'write the pattern as YAML or JSON, not as a string with escapes',
  });
}

function applied(file: string, edits: Edit[]): string {
  // An anchor used twice is one place.
  const places = [...new Map(edits.map((edit) => [edit.at, edit])).values()].sort((left, right) => right.at - left.at);
  return places.reduce((text, { at, before, after }) => text.slice(0, at) + after + text.slice(at + before.length), file);
}
