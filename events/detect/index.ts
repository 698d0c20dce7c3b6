// Detections: their files, what they say of an entry, and the findings that follow.
export { whatOf, whoOf } from './actor.ts';
export { TACTICS, techniqueOf } from './attack.ts';
export { choiceFaults, configuredFaults, exclusionPatterns, withSteps } from './choicefaults.ts';
export { type ChosenDetections, chooseDetections, type DetectionChoice } from './choose.ts';
export { type DeploymentExclusion, type EvaluatorOptions, type ExcludedBy, valuedPattern } from './compiledetection.ts';
export type { Condition, DetectionFields, WindowFields } from './detection.ts';
export { detectionSchema, detectionWindow, duration, exclusionFields } from './detection.ts';
export { type Detection, type DetectionInFile, readDetections, readDetectionsInFile } from './detectionfile.ts';
export { isNamed } from './detectionid.ts';
export { dayOf, durationSeconds, secondsOf } from './duration.ts';
export { compileDetections, type Evaluator, type OffDetection, type OnDetectionFault } from './evaluator.ts';
export { FindingMaker, type FindingMakerOptions, type TakenHits, type TellFindings } from './findings.ts';
export type { Hit, WindowMark } from './hit.ts';
export { type AskedWhere, asksForAccounts, type DetectionsInForce, evaluatorOf, findingMakerOf } from './inforce.ts';
export { LIST_NAMES, type Lists, listNameOf } from './lists.ts';
export { recordsOfTest, type SelfTestOptions, type SelfTestResult, selfTest } from './selftest.ts';
export { DEFAULT_STORM_LIMIT, MAX_STORM_LIMIT } from './storm.ts';
