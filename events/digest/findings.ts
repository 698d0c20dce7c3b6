// What was proven wrong about a file, as it goes on the bus.
import { createHash } from 'node:crypto';
import { type ClockTime, displayTime, fromDate } from './clocktime.ts';
import { valueText } from './plainwords.ts';

/** A finding about one digest or log file. */
export interface IntegrityFinding {
  /** The same for the same file of the same trail, always. */
  id: string;
  title: string;
  severity: 'high';
  /** The trail's ARN. */
  trail: string;
  account: string;
  region: string;
  /** `s3://bucket/key`. */
  file: string;
  kind: 'digest' | 'log';
  /** What is wrong with it, in our own words. */
  reason: string;
  /** The time the check was about. */
  span: { from: string; to: string };
  /** When it was found. */
  foundAt: string;
}

const TITLES = {
  digest: 'A CloudTrail digest is missing or was changed',
  log: 'A CloudTrail log file is missing or was changed',
};

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
  return {
    id: `integrity-${id}`,
    title: TITLES[file.kind],
    severity: 'high',
    trail: trailArn,
    account: accountId,
    region,
    file: address,
    kind: file.kind,
    reason,
    span: { from: displayTime(start), to: displayTime(end) },
    foundAt: displayTime(fromDate(now)),
  };
}
