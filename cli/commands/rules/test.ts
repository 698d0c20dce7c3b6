// trailbus rules test: detections' own tests.
import type { Command } from 'commander';
import type { RulesTestOptions } from '../../rules/test.ts';

export default (command: Command): void => {
  command
    .summary('run detections’ own tests')
    .description('Runs the tests that stand in detection files: what each matches must be found, what it ignores must not.')
    .argument('[path...]', 'detection files or folders (default: the detections that come with Trailbus)')
    .option('--rule <id>', 'only this detection; iam.* is all that begin so')
    .option('--config <file>', 'the configuration, for lists that a test doesn’t give (default: trailbus.yml, if there is one)')
    .option('--watch', 'run them again whenever a file changes, until interrupted')
    .option('--junit <file>', 'write the results as JUnit')
    .option('--json', 'one JSON object a line: {"type":"test","detection","name","passed","why"?,"severity"?}')
    .addHelpText(
      'after',
      `
Exit code: 0 all passed, 1 one failed or there was none, 2 wrong use or a file that can't be read.

Examples:
  trailbus rules test my-detections/
  trailbus rules test my-detections/root-login.yaml --watch
  trailbus rules test --rule 'iam.*'
`,
    )
    .action(async (paths: string[], options: RulesTestOptions) => {
      const { testRules } = await import('../../rules/test.ts');
      process.exitCode = await testRules(paths, options);
    });
};
