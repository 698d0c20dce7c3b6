// trailbus rules match: which events match.
import type { Command } from 'commander';
import type { MatchOptions } from '../../rules/match.ts';

export default (command: Command): void => {
  command
    .summary('write the events that a rule matches')
    .description(
      'Reads events and writes those that RULE matches (any of its rules, when it has several), each on the line it came as. Of a detection those are written that are a hit of it by themselves.',
    )
    .argument('<rule>', 'a rule or detection file or a folder, the id of a detection, - for standard input, or the pattern itself')
    .argument('[event...]', 'files of events, log files, - for standard input (the default), or the event itself')
    .option('--record', 'the events are bare CloudTrail records: give each the envelope that this bus gives it')
    .option('--config <file>', 'of a detection: the configuration, for lists and exclusions (default: trailbus.yml, if there is one)')
    .option('--json', 'one JSON object a line: {"rules":[names],"event":…}')
    .addHelpText(
      'after',
      `
Exit code: 0 nothing matched, 1 something matched, 2 wrong use or something could not be read.

Examples:
  trailbus rules match root.json events.ndjson
  trailbus run logs --emit - | trailbus rules match rules/
  trailbus rules match '{"detail": {"eventName": ["StopLogging"]}}' samples/logs/AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/05/*.json.gz
`,
    )
    .action(async (rule: string, events: string[], options: MatchOptions) => {
      const { matchRules } = await import('../../rules/match.ts');
      process.exitCode = await matchRules(rule, events, options);
    });
};
