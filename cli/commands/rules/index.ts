// trailbus rules: EventBridge rules matched, explained, checked and written, without an account.
import type { Command } from 'commander';

export default (command: Command): void => {
  command
    .summary('write, test, backtest, lint, explain and document rules and detections')
    .description(
      'Works on EventBridge rules and on detections on this machine, without an account: patterns with the verdicts EventBridge would give.',
    )
    .addHelpText(
      'after',
      `
For detections: new makes one of an event, lint, test and backtest try it, list says which are on, docs writes pages of them.

A RULE is a file, a folder where that is said, - for standard input, or the pattern itself in quotes. A file may be a bare pattern (JSON or
YAML), a YAML file with a top-level \`pattern\`, a CloudFormation or SAM template, a serverless.yml, or what \`aws events describe-rule\` prints.

An EVENT is a file, - for standard input, or the event itself in quotes. A file may hold one event, an event a line, or be a CloudTrail log
file, whose records become events as the corridor makes them.
`,
    );
};
