// trailbus config print: the configuration as it is in force.
import type { Command } from 'commander';
import type { ConfigOptions } from '../../config/config.ts';

export default (command: Command): void => {
  command
    .summary('show the configuration as it is in force')
    .description('Shows trailbus.yml with its lists read from their files, and which detections are on or off, and why.')
    .option('--config <file>', 'the configuration (default: trailbus.yml in this folder)')
    .option('--json', 'as one JSON object')
    .action(async (options: ConfigOptions) => {
      const { printConfig } = await import('../../config/config.ts');
      printConfig(options);
    });
};
