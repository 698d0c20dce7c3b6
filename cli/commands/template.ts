// trailbus template: what would be deployed.
import type { Command } from 'commander';
import type { StackTemplateOptions } from '../template.ts';

export default (command: Command): void => {
  command
    .summary('print what would be deployed, or detections as EventBridge rules')
    .description(
      'Prints the CloudFormation template that `serverless deploy` would make of these parameters and the configuration. It asks no account and\npackages nothing: where the code of the functions would lie there are placeholders, named so.',
    )
    .option('--param <name=value>', 'a parameter of docs/deploy.md; may be given again', (text: string, before: string[] = []) => [
      ...before,
      text,
    ])
    .option('--config <file>', 'the configuration (default: trailbus.yml in this folder, if there is one)')
    .option('--stage <name>', 'names the stack trailbus-NAME', 'prod')
    .option('--as-rules', 'print the detections without a window as rules on the stack’s bus, to add targets to')
    .option('--native', 'with --as-rules: for the account’s default bus, where sources begin with aws.')
    .option('--yaml', 'as YAML')
    .option(
      '--json',
      'the template on one line; with --as-rules a line for each: {"type":"rule","detection","name","severity","title","pattern"}, {"type":"unsaid","detection","why"}',
    )
    .addHelpText(
      'after',
      `
Exit code: 0 it is printed, 2 wrong use, or something is wrong in a file. Detections that a rule can't say are named on standard error.

Examples:
  trailbus template --param bucket=my-logs --yaml
  trailbus template --as-rules --native > rules.json
`,
    )
    .action(async (options: StackTemplateOptions) => {
      const { printTemplate } = await import('../template.ts');
      process.exitCode = await printTemplate(options);
    });
};
