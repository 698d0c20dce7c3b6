// Tests of detections as a JUnit file: a suite for each detection.
import type { SelfTestResult } from '../../events/detect/index.ts';
import { junitFile, suiteXml } from '../junit.ts';

export function testsAsJUnit(results: readonly SelfTestResult[]): string {
  const detections = [...new Set(results.map(({ detection }) => detection))];
  const casesOf = (id: string) =>
    results.filter(({ detection }) => detection === id).map(({ name, why }) => ({ name, faults: why === undefined ? [] : [why] }));
  return junitFile(
    'rules test',
    detections.map((id) => suiteXml(id, casesOf(id))),
  );
}
