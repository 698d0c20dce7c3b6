// trailbus rules new: a pattern proposed from an event.
import type { Command } from 'commander';
import type { NewOptions } from '../../rules/new.ts';

export default (command: Command): void => {
  command
    .summary('propose a rule from a sample event')
    .description('Writes a pattern for events like this one: what identifies it, without ids, names, addresses, times and the like.')
    .requiredOption('--from <event>', 'a file with the event, a log file (its first record), - for standard input, or the event itself')
    .option('--record', 'the event is a bare CloudTrail record')
    .option('--yaml', 'a rule file with id, title and severity to be edited')
    .option('--json', 'the pattern on one line')
    .addHelpText(
      'after',
      `
Exit code: 0 done, 2 wrong use or something could not be read.

Examples:
  trailbus rules new --from event.json
  trailbus rules new --from record.json --record --yaml > rules/new.yaml
`,
    )
    .action(async (options: NewOptions) => {
      const { newRule } = await import('../../rules/new.ts');
      await newRule(options);
    });
};
