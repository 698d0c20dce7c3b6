// trailbus rules new: a detection made of an event, or of another detection.
import type { Command } from 'commander';
import type { NewOptions } from '../../rules/new.ts';

export default (command: Command): void => {
  command
    .summary('make a detection of a sample event, of a record of a log file or of another detection')
    .description(
      'Writes a detection file for events like this one, with what identifies it as its pattern (without ids, names, addresses, times and the like) and with tests that pass: the event, and events that are nearly one.',
    )
    .argument(
      '[event]',
      'a file with the event, a log file (FILE#3 is one of its records, FILE#EVENT-ID too; else the first), - for standard input, or the event itself',
    )
    .option('--from <id|event>', 'begin with this detection of Trailbus; or of an event write only the pattern, as JSON')
    .option('--id <id>', 'what the detection is called')
    .option('--out <file>', 'write it to a new file')
    .option('--record', 'with --from: the event is a bare CloudTrail record')
    .option('--yaml', 'with --from an event: a rule file with id, title and severity')
    .option('--json', 'with --from an event: the pattern on one line')
    .addHelpText(
      'after',
      `
Exit code: 0 done, 2 wrong use or something could not be read.

Examples:
  trailbus rules new event.json --out my-detections/root-login.yaml
  trailbus rules new logs/111122223333_CloudTrail_us-east-1_20261005T1355Z_a.json.gz#ea39fe0e-ed36-4270-8150-8bc7157ca9ca
  trailbus rules new --from cloudtrail.logging-stopped
  trailbus rules new --from record.json --record
`,
    )
    .action(async (event: string | undefined, options: NewOptions) => {
      const { newRule } = await import('../../rules/new.ts');
      await newRule(event, options);
    });
};
