// `trailbus advise explain`: what a check looks at.
import type { Command } from 'commander';

export default function describe(command: Command): void {
  command
    .description('say what a check looks at, when it is red, yellow and green, and what to do')
    .argument('<check>', 'id or name of a check')
    .option('--json', 'one JSON object')
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const { explainCheck } = await import('../../advise/about.ts');
      await explainCheck(name, json);
    });
}
