// What awscli doesn't look at: links by hash, keys by their validity, hours without a digest, files no digest lists.
import { createHash } from 'node:crypto';
import { HOUR_MS } from '../timeunits.ts';
import { addSeconds, asUtc, type ClockTime, compareTimes, displayTime, fromDate, toMs } from './clocktime.ts';
import { type DigestPlace, logFolder } from './digestnames.ts';
import type { PublicKey, TrailBuckets } from './doors.ts';
import type { DigestReading } from './reading.ts';
import type { Outcome, ProvenDigest, StrictProblem } from './verdicts.ts';

interface Covered {
  from: ClockTime;
  to: ClockTime;
}

/** What a digest says of the one before it. */
interface Expected {
  key: string;
  hash: unknown;
  /** The digest that says so. */
  by: ProvenDigest;
}

export interface StrictOptions {
  place: DigestPlace;
  bucket: string;
  prefix?: string;
  start: ClockTime;
  end: ClockTime;
  /** Hours before the first digest are not missed. */
  isStartOpen?: boolean;
  /** Hours after the last digest are not missed. */
  isEndOpen?: boolean;
  now: Date;
  reading: DigestReading;
}

/** A digest closes an hour and is delivered within the next: younger hours can't be missed yet. */
const DIGEST_LATE_SECONDS = 2 * 3_600;

/** A log file may be delivered, and so listed, up to an hour after the time in its name. */
const LOG_LATE_SECONDS = 3_600;

/** The time in a log file's name, as `20260310T2055Z`. */
function logTime(key: string, reading: DigestReading): ClockTime | undefined {
  const [, date, hours, minutes] = /_(\d{8})T(\d{2})(\d{2})Z_[A-Za-z0-9]+\.json\.gz$/.exec(key) ?? [];
  return date ? asUtc(reading.date(`${date}T${hours}${minutes}00Z`)) : undefined;
}

const earlier = (one: ClockTime, other: ClockTime) => (compareTimes(one, other) < 0 ? one : other);
const later = (one: ClockTime, other: ClockTime) => (compareTimes(one, other) > 0 ? one : other);

/** Watches the outcomes of one span and says what they leave unproven. */
export class StrictChecks {
  private readonly options: StrictOptions;
  private readonly covered: Covered[] = [];
  private readonly listed = new Set<string>();
  private expected: Expected | undefined;

  constructor(options: StrictOptions) {
    this.options = options;
  }

  /** Problems that show with this outcome. */
  observe(outcome: Outcome): StrictProblem[] {
    if (outcome.kind === 'log') this.listed.add(`${outcome.bucket}/${outcome.key}`);
    if (outcome.kind !== 'digest' || !outcome.proven) return [];
    const { proven } = outcome;
    if (!outcome.isBackfill) this.covered.push({ from: asUtc(proven.startTime), to: asUtc(proven.endTime) });
    return [...this.hashProblems(proven), ...this.keyProblems(proven), ...this.signatureProblems(proven)];
  }

  private about({ bucket, key }: ProvenDigest, text: string): StrictProblem {
    return { kind: 'problem', about: 'digest', bucket, key, text };
  }

  private hashProblems(proven: ProvenDigest): StrictProblem[] {
    const { fields, inflated } = proven.digest;
    const before = this.expected;
    const linked = fields['previousDigestS3Object'];
    this.expected = typeof linked === 'string' ? { key: linked, hash: fields['previousDigestHashValue'], by: proven } : undefined;
    if (before?.key !== proven.key) return [];
    if (createHash('sha256').update(inflated).digest('hex') === before.hash) return [];
    return [this.about(before.by, `previousDigestHashValue is not the hash of s3://${proven.bucket}/${proven.key}`)];
  }

  private keyProblems(proven: ProvenDigest): StrictProblem[] {
    const { publicKey, digest, endTime } = proven;
    const made = digest.backfillTime === undefined ? endTime : this.options.reading.date(digest.backfillTime);
    const at = toMs(asUtc(made));
    if (isValidAt(publicKey, at)) return [];
    return [this.about(proven, `its public key ${publicKey.fingerprint} was not valid at ${new Date(at).toISOString().slice(0, 19)}Z`)];
  }

  private signatureProblems(proven: ProvenDigest): StrictProblem[] {
    const { signatureHash } = proven;
    return signatureHash === 'sha256' ? [] : [this.about(proven, `its signature is made with ${signatureHash}, not sha256`)];
  }

  /** Time inside the span that no valid digest covers, oldest first, and that CloudTrail has had time to cover. */
  private uncovered(): Covered[] {
    const { now, isStartOpen, isEndOpen } = this.options;
    const latest = addSeconds(fromDate(now), -DIGEST_LATE_SECONDS);
    const whole = wholeOf(this.covered);
    const end = isEndOpen && whole ? whole.to : earlier(this.options.end, latest);
    const holes: Covered[] = [];
    let reached = isStartOpen && whole ? whole.from : this.options.start;
    for (const { from, to } of [...this.covered].sort(byBegin)) {
      if (compareTimes(reached, from) < 0) holes.push({ from: reached, to: earlier(from, end) });
      reached = later(reached, to);
    }
    if (compareTimes(reached, end) < 0) holes.push({ from: reached, to: end });
    return holes.filter(({ from, to }) => compareTimes(from, to) < 0);
  }

  private *hourProblems(): Generator<StrictProblem> {
    for (const { from, to } of this.uncovered()) {
      const hours = Math.ceil((toMs(to) - toMs(from)) / HOUR_MS);
      const span = `${displayTime(from)} to ${displayTime(to)}`;
      yield {
        kind: 'problem',
        about: 'hours',
        from,
        to,
        text: `no valid digest covers ${span} (${hours} ${hours === 1 ? 'hour' : 'hours'})`,
      };
    }
  }

  private async *fileProblems(buckets: TrailBuckets): AsyncGenerator<StrictProblem> {
    const whole = wholeOf(this.covered);
    if (!whole) return;
    const { bucket, prefix, place, reading } = this.options;
    const folder = logFolder(place, prefix);
    const day = displayTime(whole.from).slice(0, 10).replaceAll('-', '/');
    const spans = mergedSpans(this.covered);
    for await (const page of buckets.listObjects(bucket, folder, `${folder}${day}`))
      for (const key of page) {
        const time = logTime(key, reading);
        if (time && compareTimes(time, whole.to) > 0) return;
        if (!time || this.listed.has(`${bucket}/${key}`) || !isInSpans(spans, time)) continue;
        yield { kind: 'problem', about: 'log', bucket, key, text: 'no digest lists it' };
      }
  }

  /** Problems that show only once all outcomes are known. Asks the bucket for its log files. */
  async *finish(buckets: TrailBuckets): AsyncGenerator<StrictProblem> {
    yield* this.hourProblems();
    yield* this.fileProblems(buckets);
  }
}

const wholeOf = (covered: Covered[]): Covered | undefined =>
  covered.length === 0
    ? undefined
    : covered.reduce((whole, { from, to }) => ({ from: earlier(whole.from, from), to: later(whole.to, to) }));

const byBegin = (left: Covered, right: Covered) => compareTimes(left.from, right.from);

/** Covered time with neighbours joined: within one joined span only its last hour may hold files that are listed later. */
function mergedSpans(covered: Covered[]): Covered[] {
  const merged: Covered[] = [];
  for (const span of [...covered].sort(byBegin)) {
    const last = merged.at(-1);
    if (last && compareTimes(span.from, last.to) <= 0) last.to = later(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

const isInSpans = (spans: Covered[], time: ClockTime) =>
  spans.some(({ from, to }) => compareTimes(from, time) <= 0 && compareTimes(time, addSeconds(to, -LOG_LATE_SECONDS)) < 0);

const isValidAt = ({ validFromMs = Number.NEGATIVE_INFINITY, validUntilMs = Number.POSITIVE_INFINITY }: PublicKey, at: number) =>
  validFromMs <= at && at <= validUntilMs;
