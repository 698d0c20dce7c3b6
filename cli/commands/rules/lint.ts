// trailbus rules lint: what is valid and still wrong.
import type { Command } from 'commander';
import type { LintOptions } from '../../rules/lint.ts';

export default (command: Command): void => {
  command
    .summary('find what is valid in rules and detections and still wrong')
    .description(
      'Finds event names that no service has, sources this bus never says, rules that match everything or nothing, and the like; in detections, every pattern of theirs, and tests, runbooks and so on that are missing.',
    )
    .argument(
      '[rule...]',
      'rule or detection files or folders, - for standard input, or the pattern itself (default: the detections that come with Trailbus)',
    )
    .option('--config <file>', 'the configuration, for lists of your own in detections (default: trailbus.yml, if there is one)')
    .option('--json', 'one JSON object a finding')
    .option('--sarif', 'SARIF 2.1.0, for code scanning')
    .addHelpText(
      'after',
      `
Exit code: 0 nothing found (or notes only), 1 errors or warnings, 2 wrong use or something could not be read.

Examples:
  trailbus rules lint rules/ my-detections/
  trailbus rules lint template.yaml --sarif > rules.sarif
`,
    )
    .action(async (rules: string[], options: LintOptions) => {
      const { lintRules } = await import('../../rules/lint.ts');
      process.exitCode = await lintRules(rules, options);
    });
};
