// Rules with targets, as they are put on the bus.
export { type AsRulesOptions, asRules, type DetectionsAsRules, type NativeRule } from './asrules.ts';
export { type BusRule, type BusTarget, busRulesOf, type NamedTargets, type SortedRules } from './busrules.ts';
export { namedTarget, type TargetFields, type TargetKind } from './target.ts';
