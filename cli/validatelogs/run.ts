// `trailbus validate-logs` once its options are read: connects, checks, reports.
import { defaultRegion } from '../../aws/endpoints.ts';
import { connectIntegrity } from '../../aws/integrity.ts';
import { SetupError } from '../../events/digest/ports.ts';
import { Report } from '../../events/digest/report.ts';
import { readTimes, resolveRequest } from '../../events/digest/request.ts';
import { type Span, validateSpan } from '../../events/digest/validate.ts';
import { type Output, StreamOutput } from './output.ts';

export interface Options {
  trailArn: string;
  startTime: string;
  endTime?: string;
  s3Bucket?: string;
  s3Prefix?: string;
  accountId?: string;
  organizationId?: string;
  region?: string;
  endpointUrl?: string;
  verbose?: boolean;
  concurrency: number;
}

/** Exit code when the check could not be done, as awscli 1. */
const FAILED = 255;

/** Runs the check; what stops it goes to stderr as awscli writes it: after an empty line, unless the set-up is at fault. */
export async function runOrExplain(options: Options, now: Date, output: Output = new StreamOutput()): Promise<number> {
  try {
    return await run(options, now, output);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    output.write({ to: 'stderr', text: `${error instanceof SetupError ? '' : '\n'}${message}\n` });
    return FAILED;
  } finally {
    output.end();
  }
}

async function run(options: Options, now: Date, output: Output): Promise<number> {
  const times = readTimes(options, now);
  const doors = connectIntegrity(options.region || (await defaultRegion()), options.endpointUrl);
  try {
    const span: Span = await resolveRequest(options, times, doors.trails);
    const report = new Report({ trailArn: options.trailArn, ...times, isVerbose: options.verbose ?? false, now });
    output.write(report.begin());
    const outcomes = validateSpan(span, doors.buckets, doors.keys, { concurrency: options.concurrency, unreadable: 'stop', now });
    for await (const outcome of outcomes) {
      const piece = report.tell(outcome);
      if (piece) output.write(piece);
    }
    output.write(report.summary());
    return report.exitCode;
  } finally {
    doors.close();
  }
}
