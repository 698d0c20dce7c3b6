// Hits as the messages of a queue: what the process function writes and the alert function reads.
import * as z from 'zod';
import type { Hit } from '../../events/detect/index.ts';
import { TrailbusError } from '../../events/errors.ts';
import { SEVERITIES } from '../../events/finding.ts';
import { sqsJson } from './sqsjson.ts';

/** Largest message, far below what SQS takes (1 MiB, and 256 KiB until August 2025): ten of them must fit one invocation, too. */
export const MAX_HITS_BYTES = 120_000;
/** Most hits in one message. */
export const MAX_HITS = 100;

const HEAD = '{"trailbus":"hits","version":1,"hits":[';
const TAIL = ']}';

/** Bodies of messages that hold all hits, in their order. */
export function hitMessages(hits: readonly Hit[]): string[] {
  const bodies: string[] = [];
  let texts: string[] = [];
  let bytes = 0;
  for (const text of hits.map(textOfHit)) {
    const more = Buffer.byteLength(text) + 1;
    if (texts.length === MAX_HITS || (texts.length > 0 && bytes + more > MAX_HITS_BYTES)) {
      bodies.push(bodyOf(texts));
      [texts, bytes] = [[], 0];
    }
    texts.push(text);
    bytes += more;
  }
  if (texts.length > 0) bodies.push(bodyOf(texts));
  return bodies;
}

const bodyOf = (texts: readonly string[]): string => `${HEAD}${texts.join(',')}${TAIL}`;

/**
 * A hit's JSON. Callers write much of what stands in it: one that would not fit a message goes without resources, then with fewer of the values
 * that `distinct` windows count, of which each window keeps one at least.
 */
function textOfHit(hit: Hit): string {
  const whole = sqsJson(hit);
  if (isSmall(whole)) return whole;
  const smaller = FEWER.map((values) => sqsJson({ ...hit, resources: [], marks: fewerOfEach(hit.marks, values) }));
  return smaller.find(isSmall) ?? smaller.at(-1)!;
}

/** Values that a window keeps of a hit that is too large. */
const FEWER = [Number.POSITIVE_INFINITY, 50, 25, 10, 1];

const isSmall = (text: string): boolean => Buffer.byteLength(text) <= MAX_HITS_BYTES;

/** The first marks of each window. */
function fewerOfEach(marks: Hit['marks'], most: number): Hit['marks'] {
  const counts = new Map<string, number>();
  return marks.filter(({ window }) => {
    const count = (counts.get(window) ?? 0) + 1;
    counts.set(window, count);
    return count <= most;
  });
}

const text = z.string().max(100_000);

/** As `toEntry` and the time in a key give it. */
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
  .refine((each) => !Number.isNaN(Date.parse(each)));

const event = z.object({ eventID: text.optional(), time, bucket: text, key: text, index: z.int().min(0) });

const mark = z.object({ window: text, key: z.array(text).max(50), value: text.optional(), step: z.int().min(0).optional() });

const hit: z.ZodType<Hit> = z.object({
  detection: text,
  severity: z.enum(SEVERITIES),
  title: text,
  who: text.optional(),
  what: text,
  from: text.optional(),
  account: text.optional(),
  region: text.optional(),
  resources: z.array(text).max(100),
  event,
  fingerprint: text.optional(),
  marks: z.array(mark).max(10_000),
  dryRun: z.boolean().optional(),
});

const message = z.object({ trailbus: z.literal('hits'), version: z.literal(1), hits: z.array(hit).max(10 * MAX_HITS) });

/**
 * The hits of a message.
 * @throws TrailbusError for a message that is not one of ours
 */
export function readHitMessage(body: string): Hit[] {
  const result = message.safeParse(parsed(body));
  if (result.success) return result.data.hits;
  const [issue] = result.error.issues;
  throw new TrailbusError('not a message of hits', {
    source: 'hit queue',
    path: issue?.path.join('.') ?? '',
    help: 'see who else may send to the queue; delete the message from the queue of failed hits',
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
