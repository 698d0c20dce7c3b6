// trailbus config check: is the configuration sound, with all it names?
import type { Command } from 'commander';
import type { ConfigOptions } from '../../config/config.ts';

export default (command: Command): void => {
  command
    .summary('check the configuration, and the rules and detections it names')
    .description('Reads trailbus.yml with every file that it names, and says all that is wrong at once, each with file, line and path.')
    .option('--config <file>', 'the configuration (default: trailbus.yml in this folder)')
    .option('--json', 'one JSON object a line: {"type":"fault","file","line","column","path","message","help"?}')
    .addHelpText(
      'after',
      `
Exit code: 0 all sound, 1 something is wrong, 2 wrong use or a file that can't be read.
`,
    )
    .action(async (options: ConfigOptions) => {
      const { checkConfig } = await import('../../config/config.ts');
      process.exitCode = await checkConfig(options);
    });
};
