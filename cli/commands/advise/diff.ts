// `trailbus advise diff`: what changed from one run to the next.
import type { Command } from 'commander';

export default function describe(command: Command): void {
  command
    .description(
      'say what changed between the last two runs that a state file remembers; nothing is asked. Ends with 1 where something became worse',
    )
    .requiredOption('--state <file>', 'the file that `trailbus advise --state` keeps')
    .option('--json', 'one JSON object a line')
    .action(async ({ state, json = false }: { state: string; json?: boolean }) => {
      const { tellDiff } = await import('../../advise/diff.ts');
      process.exitCode = tellDiff(state, json);
    });
}
