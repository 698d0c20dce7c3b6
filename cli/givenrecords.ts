// The records that `trailbus deliver` is given: of a file, in quotes, on standard input, or of a detection's own test.
import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Detection } from '../events/detect/index.ts';
import { UsageError } from '../events/errors.ts';
import { nearest } from '../events/pattern/index.ts';
import { recordsBeside } from '../local/detectionfiles.ts';

/** The records that an argument names. @throws UsageError */
export function givenRecords(given: string): object[] {
  const text = /^\s*\{/.test(given) ? given : textOfFile(given);
  const records = recordsIn(parsed(text, given));
  if (records.length > 0 && records.every((record) => typeof record === 'object' && record !== null)) return records as object[];
  throw new UsageError('no record in it', { source: given.slice(0, 100), help: 'give a record, or a log file with `Records`' });
}

function textOfFile(path: string): string {
  if (path !== '-' && statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UsageError(`no such file: \`${path}\``, {
      help: 'name a JSON file or a log file, give the record itself in quotes, or - for standard input',
    });
  const bytes = readFileSync(path === '-' ? 0 : path);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\ufeff/, '');
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`not JSON: ${(cause as Error).message}`, { source: source.slice(0, 100), cause });
  }
}

/** Of a log file all, else the one; of an event of a bus the record in it. */
function recordsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const { Records, detail, eventName } = (value ?? {}) as { Records?: unknown; detail?: unknown; eventName?: unknown };
  if (Array.isArray(Records)) return Records;
  return [eventName === undefined && typeof detail === 'object' && detail !== null ? detail : value];
}

/** The events of a detection's first `matches`. @throws UsageError when there is none */
export function recordsOfFirstTest(id: string, detections: readonly Detection[]): object[] {
  const detection = detections.find((each) => each.id === id);
  if (detection === undefined) throw new UsageError(`no detection is called \`${id}\``, { help: nearestDetection(id, detections) });
  const [example] = detection.tests.matches;
  if (example === undefined) throw new UsageError(`\`${id}\` has no tests`, { source: detection.source, help: 'give a record instead' });
  return [example]
    .flat()
    .flatMap((event) => (typeof event === 'string' ? recordsBeside(event, detection.source) : recordsIn(event))) as object[];
}

export function nearestDetection(id: string, detections: readonly Detection[]): string {
  const meant = nearest(
    id,
    detections.map((each) => each.id),
  );
  return meant === undefined ? 'see `trailbus rules list`' : `did you mean \`${meant}\`?`;
}
