// trailbus rules lint: what is valid and still wrong.
import type { Command } from 'commander';
import type { LintOptions } from '../../rules/lint.ts';

export default (command: Command): void => {
  command
    .summary('find what is valid in rules and still wrong')
    .description(
      'Finds event names that no service has, sources this bus never says, rules that match everything or nothing, and the like.',
    )
    .argument('<rule...>', 'rule files or folders, - for standard input, or the pattern itself')
    .option('--json', 'one JSON object a finding')
    .option('--sarif', 'SARIF 2.1.0, for code scanning')
    .addHelpText(
      'after',
      `
Exit code: 0 nothing found (or notes only), 1 errors or warnings, 2 wrong use or something could not be read.

Examples:
  trailbus rules lint rules/
  trailbus rules lint template.yaml --sarif > rules.sarif
`,
    )
    .action(async (rules: string[], options: LintOptions) => {
      const { lintRules } = await import('../../rules/lint.ts');
      process.exitCode = await lintRules(rules, options);
    });
};
