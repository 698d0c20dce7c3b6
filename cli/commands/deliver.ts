// trailbus deliver: does what is deployed find this?
import type { Command } from 'commander';
import type { DeliverOptions } from '../deliver.ts';

export default (command: Command): void => {
  command
    .summary('put a record into a deployed stack, and wait for its finding')
    .description(
      'Puts records as a log file, named as CloudTrail names them, into the bucket that a deployed stack reads, and waits until the stack has told\nthe finding. Records get an eventID of their own, and times whose last is now.',
    )
    .argument('[record]', 'a JSON file with a record, a log file, - for standard input, or the record itself in quotes')
    .option('--from-test <id>', 'the first `matches` of a detection’s own tests')
    .option('--expect <rule>', 'the detection that is to find it (default: that of --from-test)')
    .option('--stack <name>', 'the stack', 'trailbus-prod')
    .option('--bucket <name>', 'the bucket (default: the one that the stack reads)')
    .option('--endpoint-url <url>', 'where AWS answers, as LocalStack does')
    .option('--region <name>', 'where the stack is')
    .option('--timeout <time>', 'how long to wait: 90s, 5m', '60s')
    .option('--keep', 'leave eventID and eventTime as they are')
    .option('--config <file>', 'the configuration, for detections of your own (default: trailbus.yml in this folder, if there is one)')
    .option(
      '--json',
      'one JSON object: {"type":"finding","id","rule","severity","state","count","account","region","bucket","key","seconds"}, or {"type":"missing","rule","bucket","key","seconds"}',
    )
    .addHelpText(
      'after',
      `
Needs cloudformation:DescribeStacks on the stack, s3:PutObject on its bucket, logs:FilterLogEvents on the log of its alert function. Nothing is
made but the log file, which stays.

Exit code: 0 found, 1 not found in time, 2 wrong use or failure.

Examples:
  trailbus deliver --from-test cloudtrail.logging-stopped --stack trailbus-prod
  trailbus deliver stop-logging.json --expect cloudtrail.logging-stopped --stack trailbus-local --endpoint-url http://127.0.0.1:4566
`,
    )
    .action(async (record: string | undefined, options: DeliverOptions) => {
      const { deliver } = await import('../deliver.ts');
      process.exitCode = await deliver(record, options);
    });
};
