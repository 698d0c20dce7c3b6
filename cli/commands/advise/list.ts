// `trailbus advise list`: which checks there are.
import type { Command } from 'commander';

export default function describe(command: Command): void {
  command
    .description('list the checks: id, category, name')
    .option('--json', 'one JSON object a line')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { listChecks } = await import('../../advise/about.ts');
      await listChecks(json);
    });
}
