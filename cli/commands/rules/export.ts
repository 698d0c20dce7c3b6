// trailbus rules export: detections for other people's tools.
import { Argument, type Command } from 'commander';
import type { RulesExportOptions } from '../../rules/export.ts';

export default (command: Command): void => {
  command
    .summary('write detections as Sigma rules')
    .description(
      'Makes a Sigma rule of each detection, a correlation rule of each window, and says of each whether the rule says all of it (exact), how\nit differs (relaxed), or why Sigma can’t say it (refused).',
    )
    .addArgument(new Argument('<format>', 'what the rules are to be written in').choices(['sigma']))
    .argument('[path...]', 'detection files or folders (default: the detections that come with Trailbus)')
    .option('--rule <id...>', 'only these detections; iam.* is all that begin so')
    .option('--config <file>', 'the configuration, for the names of its lists (default: trailbus.yml, if there is one)')
    .option('--out <folder>', 'write a file for each rule there; without it they go to standard output, and the report to standard error')
    .option('--overwrite', 'write over files that are there and say something else')
    .option('--json', 'one JSON object a detection: {"type":"exported","id","outcome","notes","text"? or "file"?}')
    .addHelpText(
      'after',
      `
Exit code: 0 every detection became a rule, 1 some can't be said, 2 wrong use or a file that can't be read.

Examples:
  trailbus rules export sigma --out sigma/
  trailbus rules export sigma --rule cloudtrail.trail-deleted
`,
    )
    .action(async (_: string, paths: string[], options: RulesExportOptions) => {
      const { exportRules } = await import('../../rules/export.ts');
      process.exitCode = await exportRules(paths, options);
    });
};
