// Active access keys that nobody has changed for long.
import type { AccessKeyMetadata } from '@aws-sdk/client-iam';
import { type Asker, answerOrWhy, check, type Line, NotAnswered } from '../events/advice/index.ts';
import { DAY_SECONDS } from '../events/timeunits.ts';
import { CREDENTIAL_REPORT_CALLS, type CredentialRow, credentialReport, ROOT_ROW } from './facts/credentialreport.ts';
import { accessKeysOf, iamUsers, KEY_CALLS, KEY_CHANGES, USER_CALLS } from './facts/iamusers.ts';

const COLUMNS = ['Status', 'IAM User', 'Access Key', 'Key Last Rotated', 'Reason'] as const;

const DAY_MS = DAY_SECONDS * 1000;

const YELLOW_AFTER_DAYS = 90;
const RED_AFTER_DAYS = 2 * 365;

/** Who may have keys. */
interface KeyHolder {
  user: string;
  /** When the report's keys were made, or made active again; milliseconds since 1970. Empty without a report. */
  rotated: number[];
}

interface HolderKeys extends KeyHolder {
  keys: AccessKeyMetadata[] | NotAnswered;
}

/**
 * The keys of everybody who has some. Ids stand in no report, so each holder is asked; who has no keys isn't.
 * A user made after the report, at most four hours ago, can have no old key.
 */
async function holderKeys(asker: Asker): Promise<HolderKeys[]> {
  const report = await answerOrWhy(credentialReport(asker));
  const holders = report instanceof Error || report === undefined ? await allUsers(asker) : report.flatMap(holderIn);
  return Promise.all(holders.map(async (holder) => ({ ...holder, keys: await accessKeysOf(asker, holder.user) })));
}

const allUsers = async (asker: Asker): Promise<KeyHolder[]> =>
  (await iamUsers(asker)).flatMap(({ UserName: user }) => (user === undefined ? [] : [{ user, rotated: [] }]));

function holderIn(row: CredentialRow): KeyHolder[] {
  const user = row.get('user')!;
  const dates = [1, 2].map((slot) => Date.parse(row.get(`access_key_${slot}_last_rotated`) ?? ''));
  const rotated = dates.filter((date) => !Number.isNaN(date));
  return user === ROOT_ROW || rotated.length === 0 ? [] : [{ user, rotated }];
}

/** The report counts whole seconds. */
const createdOf = ({ CreateDate }: AccessKeyMetadata): number => Math.floor((CreateDate?.getTime() ?? 0) / 1000) * 1000;

/** A key made active again counts from then: its date in the report is no key's day of making. */
function rotatedOf(key: AccessKeyMetadata, keys: readonly AccessKeyMetadata[], rotated: readonly number[]): number {
  const later = rotated.filter((date) => !keys.some((each) => createdOf(each) === date));
  const changed = keys.filter((each) => !rotated.includes(createdOf(each)));
  return Math.max(createdOf(key), later[changed.indexOf(key)] ?? 0);
}

function linesOf({ user, rotated, keys }: HolderKeys, now: number): Line<(typeof COLUMNS)[number]>[] {
  if (keys instanceof NotAnswered)
    return [{ resource: user, status: 'not_available', values: { 'IAM User': user, Reason: keys.reason }, reason: keys.reason }];
  return keys
    .filter(({ Status }) => Status === 'Active')
    .map((key) => lineOf(user, key.AccessKeyId ?? '', rotatedOf(key, keys, rotated), now));
}

function lineOf(user: string, id: string, rotated: number, now: number): Line<(typeof COLUMNS)[number]> {
  const days = (now - rotated) / DAY_MS;
  const date = new Date(rotated).toISOString();
  const reason = `access key \`${id}\` of user \`${user}\` is active and was last rotated ${Math.floor(days)} days ago`;
  return {
    ...{ resource: id, status: days > RED_AFTER_DAYS ? 'error' : days > YELLOW_AFTER_DAYS ? 'warning' : 'ok', reason },
    values: { 'IAM User': user, 'Access Key': id, 'Key Last Rotated': date, Reason: saidOf(days) },
  };
}

function saidOf(days: number): string {
  if (days > RED_AFTER_DAYS) return 'not rotated for 2 years';
  return days > YELLOW_AFTER_DAYS ? `not rotated for ${YELLOW_AFTER_DAYS} days` : '';
}

export default check({
  id: 'DqdJqYeRm5',
  name: 'IAM Access Key Rotation',
  category: 'security',
  description:
    'Looks how old the active access keys of IAM users are. The longer a key is in use, the more places know it. A key that was made active again counts from then.',
  criteria: {
    red: 'the key is active and was not rotated for 2 years',
    yellow: 'the key is active and was not rotated for 90 days',
    green: 'the key is active and was rotated in the last 90 days',
  },
  action:
    'Make a new key, let the program use it, make the old one inactive, then delete it. Better, give programs roles, which need no keys.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html',
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#iam-access-key-rotation',
  ],
  columns: COLUMNS,
  controls: ['cis.1.14', 'config.access-keys-rotated', 'securityhub.IAM.3'],
  scope: 'account',
  calls: [...CREDENTIAL_REPORT_CALLS, ...USER_CALLS, ...KEY_CALLS],
  collect: holderKeys,
  judge: (holders, { now }) => holders.flatMap((holder) => linesOf(holder, now)),
  staleAfter: KEY_CHANGES,
});
