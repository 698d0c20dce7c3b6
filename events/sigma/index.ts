// Sigma rules in and out: detections made of them, and them of detections.

export { type ExportedDetection, exportSigma } from './exportsigma.ts';
export { type ImportedRule, importSigma, type MadeDetection, type SigmaImport, type SigmaSource } from './importsigma.ts';
