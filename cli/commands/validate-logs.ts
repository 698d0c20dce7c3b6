// `trailbus validate-logs`: are the log files in the bucket the ones CloudTrail delivered?
import { type Command, InvalidArgumentError } from 'commander';
import type { Options } from '../validatelogs/run.ts';

const EXAMPLES = `
Examples:
  trailbus validate-logs --trail-arn arn:aws:cloudtrail:us-east-1:111122223333:trail/main --start-time 2026-03-01
  trailbus validate-logs --trail-arn … --start-time 2026-03-01 --end-time 2026-03-02 --verbose

Prints what \`aws cloudtrail validate-logs\` prints. Exit code 0: all valid; 1: something is invalid; 2: wrong use; 255: the check could not be done.`;

function toCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('write a whole number from 1 to 9999');
  return Number(text);
}

export default function describe(command: Command): void {
  command
    .description('check that log files are the ones CloudTrail delivered, as `aws cloudtrail validate-logs` does, many at once')
    .requiredOption('--trail-arn <arn>', 'trail to check')
    .requiredOption('--start-time <time>', 'check log files delivered at or after this time (UTC)')
    .option('--end-time <time>', 'and at or before this time (default: now)')
    .option('--s3-bucket <name>', 'bucket that holds the digests (default: as the trail says)')
    .option('--s3-prefix <prefix>', 'prefix in that bucket (default: as the trail says)')
    .option('--account-id <id>', 'account to check; needed for organisation trails')
    .option('--region <region>', "region whose logs are checked (default: the trail's)")
    .option('--endpoint-url <url>', 'where CloudTrail answers')
    .option('--verbose', 'print a line for each valid file too')
    .option('--concurrency <n>', 'objects read at once', toCount, 32)
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const { runOrExplain } = await import('../validatelogs/run.ts');
      process.exitCode = await runOrExplain(options, new Date());
    });
}
