// Detections: their files, what they say of an entry, and the findings that follow.
export type { Condition, DetectionFields, WindowFields } from './detection.ts';
export { detectionSchema, secondsOf } from './detection.ts';
export { type Detection, readDetections } from './detectionfile.ts';
export { compileDetections, type DeploymentExclusion, type Evaluator, type EvaluatorOptions, type OffDetection } from './evaluator.ts';
export type { Hit, WindowMark } from './hit.ts';
export { LIST_NAMES, type Lists } from './lists.ts';
export { type SelfTestOptions, type SelfTestResult, selfTest } from './selftest.ts';
