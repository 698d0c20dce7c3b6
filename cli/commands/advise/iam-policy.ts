// `trailbus advise iam-policy`: what the role that asks must be allowed.
import type { Command } from 'commander';
import { repeated } from '../../repeated.ts';

export default function describe(command: Command): void {
  command
    .description('print the least IAM policy that the checks need: reading, nothing else')
    .option('--check <id>', 'for this check alone, by id or name; may be given again', repeated)
    .option('--category <category>', 'for the checks of this category; may be given again', repeated)
    .action(async (values: { check?: string[]; category?: string[] }) => {
      const { printPolicy } = await import('../../advise/about.ts');
      await printPolicy(values);
    });
}
