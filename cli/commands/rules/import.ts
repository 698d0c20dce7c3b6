// trailbus rules import: detections made of other people's rules.
import { Argument, type Command } from 'commander';
import type { RulesImportOptions } from '../../rules/import.ts';

export default (command: Command): void => {
  command
    .summary('make detections of Sigma rules')
    .description(
      'Makes a detection of each Sigma rule for CloudTrail, and says of each whether it finds just what the rule finds (exact), how it differs\n(relaxed), or why no detection says it (refused).',
    )
    .addArgument(new Argument('<format>', 'what the rules are written in').choices(['sigma']))
    .argument('<path...>', 'rule files, or folders: every .yaml and .yml below')
    .option(
      '--out <folder>',
      'write a file for each detection there; without it they go to standard output, and the report to standard error',
    )
    .option('--overwrite', 'write over files that are there and say something else')
    .option(
      '--json',
      'one JSON object a rule: {"type":"imported","file","line","title","sigmaId"?,"outcome","notes","remarks","part","detections"}',
    )
    .addHelpText(
      'after',
      `
Exit code: 0 every rule became a detection, 1 some were refused, 2 wrong use or a file that is no Sigma rule.

Examples:
  trailbus rules import sigma sigma/rules/cloud/aws/cloudtrail --out detections/
  trailbus rules import sigma rule.yml > detections/rule.yaml
`,
    )
    .action(async (_: string, paths: string[], options: RulesImportOptions) => {
      const { importRules } = await import('../../rules/import.ts');
      process.exitCode = await importRules(paths, options);
    });
};
