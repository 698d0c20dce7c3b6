// trailbus rules explain: why an event matches or doesn't.
import type { Command } from 'commander';
import type { ExplainOptions } from '../../rules/explain.ts';

export default (command: Command): void => {
  command
    .summary('say why an event matches a rule, or why not')
    .description(
      'Names the reason in the first line, then shows for every field what was wanted beside what is there. Of a detection it says the whole: what success, where, window, exclusions and raises make of the event, by itself.',
    )
    .argument('<rule>', 'a rule or detection file, the id of a detection, - for standard input, or the pattern itself')
    .argument('[event...]', 'a file of events, a log file, - for standard input (the default), or the event itself')
    .option('--rule <name>', 'of a file with several rules, this one only')
    .option('--record', 'the event is a bare CloudTrail record: give it the envelope that this bus gives it')
    .option('--config <file>', 'of a detection: the configuration, for lists and exclusions (default: trailbus.yml, if there is one)')
    .option('--json', 'one JSON object for each rule and event')
    .addHelpText(
      'after',
      `
Exit code: 0 matches (an event by itself is a hit of the detection), 1 doesn't match, 2 wrong use, no valid pattern or no event.

Examples:
  trailbus rules explain root-login.yaml event.json
  trailbus rules explain iam.key-for-other-user record.json
  trailbus rules explain '{"detail": {"userIdentity": {"type": ["root"]}}}' record.json --record
`,
    )
    .action(async (rule: string, events: string[], options: ExplainOptions) => {
      const { explainRules } = await import('../../rules/explain.ts');
      process.exitCode = await explainRules(rule, events, options);
    });
};
