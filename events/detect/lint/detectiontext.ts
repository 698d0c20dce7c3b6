// Which files are of detections: they say more than a rule of a bus does.
import { isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import { PLAIN_KEYS } from './detectionlint.ts';

/** Whether a file has a detection in it: a document with a pattern or a window, and keys that a rule of a bus doesn't have, or several patterns. */
export function isDetectionText(text: string): boolean {
  // Most files are plain to see: without these words they are something else.
  if (!/\b(pattern|window)\b/.test(text)) return false;
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent', strict: false });
  return Array.isArray(documents) && documents.some(({ contents }) => isOfDetection(keysOf(contents), hasPatterns(contents)));
}

const keysOf = (root: unknown): string[] =>
  isMap(root) ? root.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : [])) : [];

const hasPatterns = (root: unknown): boolean => isMap(root) && isSeq(root.get('pattern'));

/** A serverless.yml may have a key `pattern` by accident. */
const isOfDetection = (keys: readonly string[], hasSeveral: boolean): boolean =>
  (keys.includes('pattern') || keys.includes('window')) &&
  !keys.includes('functions') &&
  (hasSeveral || keys.some((key) => !PLAIN_KEYS.has(key)));
