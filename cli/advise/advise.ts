// What `trailbus advise` does.
import { accountHere, accountsInRole } from '../../aws/advice/index.ts';
import {
  type AdvisedAccount,
  type AskedPlace,
  advise,
  askedPlace,
  type Check,
  type CheckResult,
  changesBetween,
  keptRun,
  shownOf,
  worst,
} from '../../events/advice/index.ts';
import { UsageError } from '../../events/errors.ts';
import { allChecks } from '../../local/checkfiles.ts';
import { type LoadedConfig, loadConfig } from '../../local/configfile.ts';
import { ExitCode } from '../exitcode.ts';
import { junitFile, suiteXml, writeJUnit } from '../junit.ts';
import { startProgress } from '../progress.ts';
import { jsonText } from '../terminal.ts';
import { adviceText } from './advicetext.ts';
import { chosenChecks } from './chosen.ts';
import { adviceCsv } from './csv.ts';
import { changesText } from './diff.ts';
import { readKept, writeKept } from './kept.ts';

export interface AdviseValues {
  check?: string[];
  category?: string[];
  region?: string[];
  account?: string[];
  role?: string;
  externalId?: string;
  failOn: 'error' | 'warning';
  green?: boolean;
  config?: string;
  state?: string;
  endpointUrl?: string;
  json?: boolean;
  csv?: boolean;
  junit?: string;
}

/** @returns `found` when something is as bad as `failOn` says, `failed` when nothing could be asked */
export async function adviseHere(values: AdviseValues): Promise<ExitCode> {
  const config = loadConfig(values.config);
  const checks = checksOn(await allChecks(), config, values);
  if (checks.length === 0)
    throw new UsageError('no check is asked', { help: 'no check is of this category and on; see `trailbus advise list`' });
  const kept = values.state === undefined ? undefined : readKept(values.state);
  const accounts = await openAccounts(values);
  const { results, asked } = await askAll(checks, accounts, config, values.json === true || values.csv === true);
  process.stdout.write(await told(results, values));
  if (values.junit !== undefined) await writeJUnit(values.junit, junitOf(results));
  if (values.state !== undefined) {
    const run = keptRun(results, asked);
    const isText = values.json !== true && values.csv !== true;
    if (isText && kept?.last !== undefined) process.stdout.write(changesText(changesBetween(kept.last, run), kept.last.at));
    writeKept(values.state, kept ?? {}, run);
  }
  return exitCodeOf(results, values);
}

/** Those that are asked for by name are asked though the configuration turns them off. */
function checksOn(all: readonly Check[], { fields }: LoadedConfig, values: AdviseValues): Check[] {
  const chosen = chosenChecks(all, values);
  const off = chosenChecks(all, { check: fields.checks?.off ?? [] });
  return values.check !== undefined || fields.checks?.off === undefined ? chosen : chosen.filter((each) => !off.includes(each));
}

/** That of the credentials, or those that are named, each in its role. @throws UsageError, ReadError */
async function openAccounts({
  region: regions = [],
  account: members = [],
  role,
  externalId,
  endpointUrl,
}: AdviseValues): Promise<AdvisedAccount[]> {
  const wrong = members.find((id) => !/^\d{12}$/.test(id));
  if (wrong !== undefined) throw new UsageError(`\`${wrong}\` is no account id`, { help: 'write its 12 digits' });
  if (members.length > 0 !== (role !== undefined))
    throw new UsageError('`--account` and `--role` go together', { help: 'name the accounts, and the role that each of them has' });
  const home = regions[0] ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const endpoint = endpointUrl ?? process.env['AWS_ENDPOINT_URL'];
  const options = endpoint === undefined ? {} : { endpoint };
  const here = await accountHere(members.length > 0 ? [home] : regions, home, options);
  return role === undefined ? [here] : accountsInRole(members, { name: role, externalId }, { ...here, home }, regions, options);
}

async function askAll(
  checks: readonly Check[],
  accounts: readonly AdvisedAccount[],
  { fields }: LoadedConfig,
  isQuiet: boolean,
): Promise<{ results: CheckResult[]; asked: string[] }> {
  const placesOf = ({ scope }: Check) => accounts.reduce((sum, { regions }) => sum + (scope === 'account' ? 1 : regions.length), 0);
  const total = checks.reduce((sum, check) => sum + placesOf(check), 0);
  const progress = await startProgress('checks', isQuiet);
  const asked: string[] = [];
  const onAsked = (check: Check, place: AskedPlace) =>
    progress.advance(asked.push(askedPlace(check, place)), total, `${check.name}, ${place.region}`);
  const exclusions = fields.checks?.exclusions ?? [];
  const results = await advise(checks, accounts, { now: Date.now, exclusions, onAsked }).finally(() => progress.stop());
  return { results, asked };
}

async function told(results: readonly CheckResult[], { json, csv, green = false }: AdviseValues): Promise<string> {
  if (json === true) return `${jsonText(results.map((result) => objectOf(result, green)))}\n`;
  return csv === true ? adviceCsv(results, green) : adviceText(results, green);
}

/** As tools that read Trusted Advisor's answers expect it: one array. */
const objectOf = ({ checkId, name, status, flaggedResources }: CheckResult, withGreen: boolean) => ({
  ...{ checkId, name, status },
  resources: shownOf(flaggedResources, withGreen).map(
    ({ resourceId, account, region, status: colour, isSuppressed, metadata, reason, exclusion }) => ({
      ...{ id: resourceId, account, region: region ?? null, status: colour, isSuppressed, metadata, reason },
      ...(exclusion === undefined ? {} : { exclusion }),
    }),
  ),
});

function junitOf(results: readonly CheckResult[]): string {
  const suites = results.map(({ checkId, name, flaggedResources }) =>
    suiteXml(
      `${name} (${checkId})`,
      flaggedResources
        .filter(({ isSuppressed }) => !isSuppressed)
        .map(({ resourceId, account, region = 'global', status, reason }) => ({
          name: `${account} ${region} ${resourceId}`,
          faults: status === 'ok' ? [] : [reason],
        })),
    ),
  );
  return junitFile('advise', suites);
}

function exitCodeOf(results: readonly CheckResult[], { failOn }: AdviseValues): ExitCode {
  if (results.length > 0 && results.every(({ status }) => status === 'not_available')) return ExitCode.failed;
  const status = worst(results.map((result) => result.status).filter((each) => each !== 'not_available'));
  return status === 'error' || (status === 'warning' && failOn === 'warning') ? ExitCode.found : ExitCode.fine;
}
