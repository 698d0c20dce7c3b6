// trailbus/pattern: EventBridge event patterns, read, compiled and matched as EventBridge does it.
export { type AddressRange, blockOf, ipAddressOf, unmapped } from './address.ts';
export type * from './ast.ts';
export { leavesOf, plainStrings } from './ast.ts';
export { type Branch, branchesOf } from './branches.ts';
export { compile, type NamedPattern, type Rules } from './compile.ts';
export { EventError, offsetAt, PatternError, placeAt, type TextPlace } from './error.ts';
export {
  isTooComplex,
  MAX_PATTERN_LENGTH,
  MAX_RAISED_LENGTH,
  MAX_RULES_OF_BUS,
  MAX_TARGETS_OF_RULE,
  MAX_WILDCARD_COMPLEXITY,
  patternLength,
  wildcardComplexity,
} from './limits.ts';
export { nearest, nearestOfFew } from './nearest.ts';
export { parsePattern } from './parse.ts';
export type { SplitDetail, SplitEntry } from './prefilter.ts';
