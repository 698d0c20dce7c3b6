// Rules as people have them: files of every form read, asked about entries, proposed from events, moved between feeds.
export { compileForEntries, type EntryMatcher, inFile } from './entrymatcher.ts';
export { type Proposal, proposePattern } from './patternfor.ts';
export { NodeError, type PatternText, patternTextOf, type Segment } from './patterntext.ts';
export { type Ported, portRules } from './portrules.ts';
export { placeOf, type Rule, RuleError, type RuleForm, readRules, targetsInFile, withOwnNames } from './rulefile.ts';
export type { RuleTarget } from './ruletarget.ts';
export { checkRules, type RuleTexts } from './wantedby.ts';
