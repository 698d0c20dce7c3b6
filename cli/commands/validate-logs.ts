// `trailbus validate-logs`: are the log files in the bucket the ones CloudTrail delivered?
import { type Command, InvalidArgumentError } from 'commander';
import type { ValidateLogsOptions } from '../validatelogs/run.ts';

const EXAMPLES = `
Examples:
  trailbus validate-logs --trail-arn arn:aws:cloudtrail:us-east-1:111122223333:trail/main --start-time 2026-03-01
  trailbus validate-logs --trail-arn … --start-time 2026-03-01 --end-time 2026-03-02 --verbose
  trailbus validate-logs --s3-bucket my-trail-logs --all --start-time 2026-03-01 --strict
  trailbus validate-logs --local samples/logs --public-keys samples/public-keys.json

Without --all, --local, --strict, --quiet, --json and --junit: prints what \`aws cloudtrail validate-logs\` prints. Exit code 0: all valid; 1: something is invalid; 2: wrong use; 255: the check could not be done.`;

function toCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('write a whole number from 1 to 9999');
  return Number(text);
}

export default function describe(command: Command): void {
  command
    .description('check that log files are the ones CloudTrail delivered, as `aws cloudtrail validate-logs` does, many at once')
    .option('--trail-arn <arn>', 'trail to check (required unless --all or --local)')
    .option('--start-time <time>', 'check log files delivered at or after this time, UTC (required unless --all or --local)')
    .option('--end-time <time>', 'and at or before this time (default: now)')
    .option('--s3-bucket <name>', 'bucket that holds the digests (default: as the trail says)')
    .option('--s3-prefix <prefix>', 'prefix in that bucket (default: as the trail says)')
    .option('--account-id <id>', 'account to check; required for organization trails')
    .option('--organization-id <id>', 'organization whose folder holds the digests, where --s3-bucket is given')
    .option('--region <region>', "region whose logs are checked (default: the trail's)")
    .option('--endpoint-url <url>', 'where CloudTrail answers')
    .option('--profile <name>', 'profile of the AWS configuration to use')
    .option('--verbose', 'tell of each valid file too')
    .option('--quiet', 'tell only what is not in order, then in one line what is proven')
    .option('--concurrency <n>', 'objects read at once', toCount, 32)
    .option('--all', 'check every account, region and trail the bucket holds digests of')
    .option('--strict', "look also at what awscli doesn't: hours without digest, files no digest lists, links by hash, validity of keys")
    .option('--local <dir>', 'check a downloaded copy of the bucket')
    .option('--public-keys <file>', 'take the public keys from an answer of `aws cloudtrail list-public-keys`')
    .option('--json', 'one JSON object a line')
    .option('--junit <file>', 'write a JUnit file too')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ValidateLogsOptions) => {
      const { runOrExplain } = await import('../validatelogs/run.ts');
      process.exitCode = await runOrExplain(options, new Date());
    });
}
