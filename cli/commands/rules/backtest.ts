// trailbus rules backtest: what detections would have said of logs that are there.
import type { Command } from 'commander';
import type { BacktestOptions } from '../../backtest/backtest.ts';
import { repeated } from '../../repeated.ts';

export default (command: Command): void => {
  command
    .summary('run detections over logs that are there, and say how noisy they are')
    .description(
      'Walks the logs once and says, of each detection, its hits and findings by day, who and where from, some of the events, what exclusions took away, which exclusion would take away most of the rest, and what it would cost deployed.',
    )
    .argument('<source...>', 'log files, folders of them, s3://bucket/prefix, or - for standard input')
    .option(
      '--rule <file|id>',
      'only these, on or off: a file or folder, an id, or iam.* for all that begin so; may be given again',
      repeated,
    )
    .option('--config <file>', 'the configuration (default: trailbus.yml in this folder, if there is one)')
    .option('--all-rules', 'every detection, those too that are off by themselves or in trailbus.yml')
    .option('--samples <count>', 'how many events are shown of each detection (default 3)', Number)
    .option(
      '--json',
      'one JSON object a line: {"type":"backtest-rule","rule","hits","excluded","findings","days",…} for each detection that had a hit, then {"type":"backtest",…}',
    )
    .addHelpText(
      'after',
      `
A hit is an event that a detection asks for; hits make findings. Counts and samples are bounded: a month of a large account needs no more
memory than a day.

Exit code: 0 no findings, 1 findings, 2 wrong use or a file that can't be read.

Examples:
  trailbus rules backtest logs/
  trailbus rules backtest logs/ --rule my-detections/root-login.yaml --rule 'iam.*'
  trailbus rules backtest s3://my-trail/AWSLogs/111122223333/CloudTrail/us-east-1/2026/10 --all-rules --json
`,
    )
    .action(async (sources: string[], options: BacktestOptions) => {
      const { backtest } = await import('../../backtest/backtest.ts');
      process.exitCode = await backtest(sources, options);
    });
};
