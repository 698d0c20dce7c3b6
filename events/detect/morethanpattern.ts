// Which files hold more than patterns: detections that a pattern alone would say wrongly.
import { FileError, readYaml } from '../yamlfile.ts';
import { listNameOf } from './lists.ts';
import { isFields, type RecordFields } from './record.ts';

/** Keys beside a pattern that decide, or lift, what it matches. */
const DECIDING = ['where', 'success', 'window', 'raise', 'exclusions'];

/** What the detections of a file say besides one pattern each. */
export interface MoreThanPattern {
  /** `where`, `window` …; `several patterns`. */
  says: string[];
  /** Names of what may be lists in their patterns: whether there are such lists the deployment knows. */
  lists: string[];
  /** Whether one has no pattern of its own: a sequence, whose steps have theirs. */
  isSequence: boolean;
}

/** What a file says beyond patterns; nothing of rule files and templates, nor of what can't be read. */
export function moreThanPattern(text: string): MoreThanPattern {
  const roots = rootsOf(text).filter(isOfDetection);
  const says = new Set(roots.flatMap((root) => DECIDING.filter((key) => Object.hasOwn(root, key))));
  if (roots.some((root) => Array.isArray(root['pattern']))) says.add('several patterns');
  const lists = new Set(roots.flatMap((root) => listsIn(root['pattern'], 0)));
  return { says: [...says], lists: [...lists], isSequence: roots.some((root) => !Object.hasOwn(root, 'pattern')) };
}

/** Most files are plain to see: without these words they are something else. */
const MAY_BE = /\b(?:where|success|window|raise|exclusions)\b|\$[A-Za-z]|\bpattern["']?\s*:\s*(?:\[|\n\s*-)/;

function rootsOf(text: string): RecordFields[] {
  if (!MAY_BE.test(text)) return [];
  try {
    return readYaml(text, 'file').flatMap(({ value }) => (isFields(value) ? [value] : []));
  } catch (error) {
    if (error instanceof FileError) return [keysOfBroken(text)];
    throw error;
  }
}

/** A file with a slip in it must not pass for less than it says: its keys are enough for whoever then says what is wrong. */
const keysOfBroken = (text: string): RecordFields =>
  Object.fromEntries(
    [...text.matchAll(/^(pattern|functions|where|success|window|raise|exclusions):/gm)].map(([, key]) => [key, undefined]),
  );

/** A serverless.yml may have a key `pattern` by accident. */
const isOfDetection = (root: RecordFields): boolean =>
  !Object.hasOwn(root, 'functions') && (Object.hasOwn(root, 'pattern') || hasSequence(root));

const hasSequence = ({ window }: RecordFields): boolean => isFields(window) && Object.hasOwn(window, 'sequence');

function listsIn(value: unknown, depth: number): string[] {
  if (depth > 100) return [];
  if (Array.isArray(value)) return value.flatMap((item) => listsIn(item, depth + 1));
  if (isFields(value)) return Object.values(value).flatMap((item) => listsIn(item, depth + 1));
  const name = listNameOf(value);
  return name === undefined ? [] : [name];
}
