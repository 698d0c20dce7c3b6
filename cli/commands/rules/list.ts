// trailbus rules list: the detections there are.
import type { Command } from 'commander';
import type { ListOptions } from '../../rules/list.ts';

export default (command: Command): void => {
  command
    .summary('list the detections, and which are on')
    .description('Lists the detections that come with Trailbus and your own, as the configuration turns them on, off and changes them.')
    .argument('[path...]', 'your detection files or folders')
    .option('--config <file>', 'the configuration (default: trailbus.yml in this folder, if there is one)')
    .option('--all-rules', 'turn on every detection, those too that are off by themselves or in trailbus.yml')
    .option('--json', 'one JSON object a line: {"type":"detection","id","severity","severities","on","why"?,"title","tags","file"}')
    .action(async (paths: string[], options: ListOptions) => {
      const { listRules } = await import('../../rules/list.ts');
      await listRules(paths, options);
    });
};
