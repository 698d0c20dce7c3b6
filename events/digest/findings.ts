// What was proven wrong about a file, as it goes on the bus.
import { createHash } from 'node:crypto';
import type { Finding } from '../finding.ts';
import { type ClockTime, displayTime, fromDate } from './clocktime.ts';
import { valueText } from './plainwords.ts';

/** What only findings of integrity say. */
export interface IntegrityDetail {
  /** The trail's ARN. */
  trail: string;
  /** `s3://bucket/key`. */
  file: string;
  /** What is wrong with it, in our own words. */
  reason: string;
  /** The time the check was about. */
  span: { from: string; to: string };
  /** When it was found. */
  foundAt: string;
}

/** A finding about one digest or log file, by `rule` `integrity.digest` or `integrity.log-file`. */
export type IntegrityFinding = Finding & { kind: 'integrity'; detail: IntegrityDetail };

const TITLES = {
  digest: 'A CloudTrail digest is missing or was changed',
  log: 'A CloudTrail log file is missing or was changed',
};

const RULES = { digest: 'integrity.digest', log: 'integrity.log-file' };

const RUNBOOK = [
  'See who deleted or wrote the object: the data events of the bucket, its server access log, its earlier versions.',
  'Restore the earlier version where the bucket keeps versions.',
  'Look what the hours around it hold that somebody may have wanted gone.',
].join('\n');

/** @see https://attack.mitre.org/techniques/T1070/ */
const TAGS = ['attack.defense-evasion', 'attack.t1070'];

/** The check that found it. */
interface FindingCheck {
  trailArn: string;
  accountId: string;
  region: string;
  start: ClockTime;
  end: ClockTime;
  now: Date;
}

/** Where a file lies; bucket and key are text, unless a signed digest names something else. */
export const addressText = ({ bucket, key }: { bucket: unknown; key: unknown }): string => `s3://${valueText(bucket)}/${valueText(key)}`;

/** The finding that says what is wrong with a file. */
export function toFinding(
  file: { kind: 'digest' | 'log'; bucket: unknown; key: unknown },
  reason: string,
  { trailArn, accountId, region, start, end, now }: FindingCheck,
): IntegrityFinding {
  const address = addressText(file);
  const id = createHash('sha256').update(`${trailArn}\n${address}`).digest('hex').slice(0, 32);
  const foundAt = displayTime(fromDate(now));
  return {
    id: `integrity-${id}`,
    kind: 'integrity',
    rule: RULES[file.kind],
    state: 'open',
    severity: 'high',
    title: TITLES[file.kind],
    what: reason,
    account: accountId,
    region,
    resources: [trailArn],
    events: [],
    count: 0,
    firstTime: foundAt,
    lastTime: foundAt,
    runbook: RUNBOOK,
    tags: TAGS,
    detail: { trail: trailArn, file: address, reason, span: { from: displayTime(start), to: displayTime(end) }, foundAt },
  };
}
