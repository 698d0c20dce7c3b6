// trailbus config: trailbus.yml checked and shown.
import type { Command } from 'commander';

export default (command: Command): void => {
  command
    .summary('check and show the configuration')
    .description(
      'Works on trailbus.yml: lists, detections on, off or changed, exclusions, and what goes on the bus. All of it is optional.',
    );
};
