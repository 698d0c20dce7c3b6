// trailbus rules port: native rules to this bus and back.
import type { Command } from 'commander';
import type { PortOptions } from '../../rules/port.ts';

export default (command: Command): void => {
  command
    .summary('turn rules of the native feed into rules of this bus, or back')
    .description('Changes `aws.` to `cloudtrail.` in every `source` (or back); the rest of the file stays byte for byte.')
    .argument('<rule>', 'a rule file, - for standard input, or the pattern itself')
    .option('--to <feed>', 'trailbus or native', 'trailbus')
    .option('--write', 'change the file itself')
    .option('--json', 'one JSON object: {"text","changed":[names],"left":[names]}')
    .addHelpText(
      'after',
      `
Rules whose detail-type is not one of CloudTrail's are left as they are: their events never come through a trail.

Exit code: 0 done, 2 wrong use or something could not be read.

Examples:
  trailbus rules port template.yaml > ported.yaml
  trailbus rules port '{"source": ["aws.iam"]}'
`,
    )
    .action(async (rule: string, options: PortOptions) => {
      const { port } = await import('../../rules/port.ts');
      await port(rule, options);
    });
};
