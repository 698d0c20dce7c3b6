// trailbus run: log files in, entries out, on this machine.
import type { Command } from 'commander';
import { RUN_OPTIONS, type RunValues } from '../runoptions.ts';

export default (command: Command): void => {
  for (const { flags, about, parse } of Object.values(RUN_OPTIONS)) addOption(command, flags, about, parse as Parse | undefined);
  command
    .summary('tell what log files hold that matters, on this machine')
    .description(
      'Reads CloudTrail log files, puts one entry per record on an in-process event bus, asks the detections about each, and tells their findings and what was there. With --emit or --rules detections are asked only where one of their options is given.',
    )
    .argument('<source...>', 'a log file, a folder, s3://bucket/prefix, or - for one file on standard input')
    .addHelpText(
      'after',
      `
Exit code: 0 all fine, 1 something was found, a rule matched or something was quarantined, 2 wrong use or something could not be read.

Examples:
  trailbus run samples/logs --sort --severity high
  trailbus run samples/logs --rules samples/rules
  trailbus run s3://my-trail-bucket/AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/05/
  trailbus run logs --emit - | jq -r '.Detail | fromjson | .eventName'
`,
    )
    .action(async (sources: string[], values: RunValues) => {
      const { run } = await import('../run.ts');
      process.exitCode = await run(sources, values);
    });
};

type Parse = (text: string, before: unknown) => unknown;

const addOption = (command: Command, flags: string, about: string, parse: Parse | undefined): Command =>
  parse === undefined ? command.option(flags, about) : command.option(flags, about, parse);
