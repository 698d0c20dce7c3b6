// trailbus rules docs: a page for each detection.
import type { Command } from 'commander';
import type { RuleDocsOptions } from '../../catalogue/ruledocs.ts';

export default (command: Command): void => {
  command
    .summary('write a page for each detection, and what of ATT&CK they cover')
    .description(
      'Writes Markdown: for each detection what it looks for in plain words, its pattern, what it leaves out, what to do next and what its tests show; one page that leads to them all, with a table of ATT&CK; and a layer for the ATT&CK Navigator.',
    )
    .argument('[path...]', 'detection files or folders (default: the detections that come with Trailbus)')
    .option('--out <folder>', 'where to; pages that were written so before are replaced', 'docs/detections')
    .option('--config <file>', 'the configuration, for lists of your own (default: trailbus.yml, if there is one)')
    .addHelpText(
      'after',
      `
Exit code: 0 done, 2 wrong use or a file that can't be read or written.

Examples:
  trailbus rules docs
  trailbus rules docs my-detections/ --out handbook/detections
`,
    )
    .action(async (paths: string[], options: RuleDocsOptions) => {
      const { writeRuleDocs } = await import('../../catalogue/ruledocs.ts');
      writeRuleDocs(paths, options);
    });
};
