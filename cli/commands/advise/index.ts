// `trailbus advise`: is the account in order?
import { type Command, Option } from 'commander';
import type { AdviseValues } from '../../advise/advise.ts';
import { repeated } from '../../repeated.ts';

const EXAMPLES = `
Examples:
  trailbus advise
  trailbus advise --region us-east-1 --region eu-west-1 --category security
  trailbus advise --check HCP4007jGY --json

Asks with the credentials of the environment or profile; reading is all it needs (trailbus advise iam-policy). Exit code 0: nothing red (or, with
--fail-on warning, yellow); 1: something is; 2: wrong use, or nothing could be asked.`;

export default function describe(command: Command): void {
  command
    // What stands after a sub-command's name is the sub-command's.
    .enablePositionalOptions()
    .summary('say whether the account is in order, as Trusted Advisor’s checks do')
    .description(
      'Asks AWS how an account stands, and says in colours what is wrong: Trusted Advisor’s checks, and some that it lacks. Nothing is changed.',
    )
    .option('--check <id>', 'this check alone, by id or name; may be given again', repeated)
    .option('--category <category>', 'checks of this category; may be given again', repeated)
    .option('--region <region>', 'ask in this region; may be given again (default: every region that the account has enabled)', repeated)
    .option(
      '--account <id>',
      'ask this account, in the role that --role names; may be given again (default: that of the credentials)',
      repeated,
    )
    .option('--role <name>', 'the role that is taken in each --account')
    .option('--external-id <id>', 'what the role asks for')
    .addOption(new Option('--fail-on <colour>', 'end with 1 where something is this bad').choices(['error', 'warning']).default('error'))
    .option('--green', 'show green resources too')
    .option('--endpoint-url <url>', 'where AWS answers: LocalStack, moto')
    .option('--config <file>', 'the configuration (default: trailbus.yml in this folder, if there is one): checks that are off, exclusions')
    .option('--state <file>', 'remember this run in a file, and say what changed since the last')
    .addOption(new Option('--json', 'one array, as tools that read Trusted Advisor expect it; green resources left out').conflicts('csv'))
    .option('--csv', 'a row for each resource, for a spreadsheet')
    .option('--junit <file>', 'write a JUnit file, a suite for each check')
    .addHelpText('after', EXAMPLES)
    .action(async (values: AdviseValues) => {
      const { adviseHere } = await import('../../advise/advise.ts');
      process.exitCode = await adviseHere(values);
    });
}
