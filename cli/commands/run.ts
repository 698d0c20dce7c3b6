// trailbus run: log files in, entries out, on this machine.
import type { Command } from 'commander';
import type { RunOptions } from '../run.ts';

const collect = (path: string, before: string[] = []) => [...before, path];

export default (command: Command): void => {
  command
    .summary('walk log files through the corridor on this machine')
    .description('Reads CloudTrail log files, puts one entry per record on an in-process event bus, and says what was there.')
    .argument('<source...>', 'a log file, a folder, s3://bucket/prefix, or - for one file on standard input')
    .option('--emit <file>', 'write every entry as one JSON line to a file, or to standard output with -')
    .option('--rules <path>', 'write what the rules in this file or folder match; may be given again', collect)
    .option('--watch', 'follow folders: new files are read as they come, until interrupted')
    .option('--max-inflated <bytes>', 'quarantine a file that inflates to more (default 1 GiB)', Number)
    .option('--json', 'one JSON object a line: matches, quarantined files and records, then the summary')
    .addHelpText(
      'after',
      `
Exit code: 0 all fine, 1 a rule matched or something was quarantined, 2 wrong use or something could not be read.

Examples:
  trailbus run samples/logs
  trailbus run samples/logs --rules samples/rules
  trailbus run s3://my-trail-bucket/AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/05/
  trailbus run logs --emit - | jq -r '.Detail | fromjson | .eventName'
`,
    )
    .action(async (sources: string[], options: RunOptions) => {
      const { run } = await import('../run.ts');
      process.exitCode = await run(sources, options);
    });
};
