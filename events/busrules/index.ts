// Rules with targets, as they are put on the bus.
export { type AsRulesOptions, asRules, type DetectionsAsRules, type NativeRule } from './asrules.ts';
export { type BusRule, busRulesOf, type SortedRules } from './busrules.ts';
export { type BusTarget, type NamedTargets, targetFaultsIn } from './readtargets.ts';
export { namedTarget, type TargetFields, type TargetKind } from './target.ts';
