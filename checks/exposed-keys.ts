// Users that AWS put in quarantine, because it found a key of theirs in public.
import type { AccessKeyMetadata, UserDetail } from '@aws-sdk/client-iam';
import { type Asker, check, type Line, NotAnswered } from '../events/advice/index.ts';
import { accessKeysOf, iamUsers, KEY_CALLS, KEY_CHANGES, USER_CALLS, USER_CHANGES } from './facts/iamusers.ts';

const COLUMNS = [
  ...['Access Key ID', 'User Name (IAM or Root)', 'Fraud Type', 'Case ID', 'Time Updated', 'Location', 'Deadline', 'Usage (USD per Day)'],
] as const;

/** AWS attaches `AWSCompromisedKeyQuarantine`, or a later version of it: `…V2`, `…V3`. */
const QUARANTINE = /:policy\/AWSCompromisedKeyQuarantine(?:V\d+)?$/;

const quarantineOf = ({ AttachedManagedPolicies = [] }: UserDetail): string | undefined =>
  AttachedManagedPolicies.find(({ PolicyArn = '' }) => QUARANTINE.test(PolicyArn))?.PolicyName;

interface MaybeExposed {
  user: string;
  /** The policy's name; where there is none the keys aren't asked for. */
  quarantine?: string | undefined;
  keys: AccessKeyMetadata[] | NotAnswered;
}

const maybeExposed = async (asker: Asker): Promise<MaybeExposed[]> =>
  Promise.all(
    (await iamUsers(asker)).map(async (detail) => {
      const [user, quarantine] = [detail.UserName ?? '', quarantineOf(detail)];
      return { user, quarantine, keys: quarantine === undefined ? [] : await accessKeysOf(asker, user) };
    }),
  );

function linesOf({ user, quarantine, keys }: MaybeExposed): Line<(typeof COLUMNS)[number]>[] {
  const values = { 'User Name (IAM or Root)': user };
  if (quarantine === undefined) return [{ resource: user, status: 'ok', values, reason: `user \`${user}\` is not in quarantine` }];
  const why = `AWS attached \`${quarantine}\` to user \`${user}\``;
  const exposed = { ...values, 'Fraud Type': 'Exposed (inferred)' };
  const ids = keys instanceof NotAnswered ? [] : keys.flatMap(({ AccessKeyId }) => AccessKeyId ?? []);
  if (ids.length === 0)
    return [
      { resource: user, status: 'error', values: exposed, reason: `${why}, which says that a key was found in public; ${keysText(keys)}` },
    ];
  return ids.map((id) => ({
    ...{ resource: id, status: 'error', values: { ...exposed, 'Access Key ID': id } },
    reason: `${why}, which says that its key \`${id}\`, or another of its keys, was found in public`,
  }));
}

const keysText = (keys: MaybeExposed['keys']): string => (keys instanceof NotAnswered ? keys.reason : 'it has no keys any more');

export default check({
  id: '12Fnkpl8Y5',
  name: 'Exposed Access Keys',
  category: 'security',
  description:
    'Looks for IAM users to whom AWS attached a quarantine policy, which it does when it finds one of their access keys in public. Trusted Advisor knows the finding itself; this is inferred from the policy, so a key that AWS has not put in quarantine is not seen.',
  criteria: {
    red: 'a policy `AWSCompromisedKeyQuarantine`, of any version, is attached to the user: each of its keys may be known to others',
    green: 'no user has a quarantine policy',
  },
  action:
    'Delete the key at once, look in CloudTrail what it did, delete what it made, answer the support case that AWS opened, and then detach the policy.',
  references: [
    'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html',
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#exposed-access-keys',
  ],
  columns: COLUMNS,
  scope: 'account',
  calls: [...USER_CALLS, ...KEY_CALLS],
  collect: maybeExposed,
  judge: (users) => users.flatMap(linesOf),
  staleAfter: [...USER_CHANGES, ...KEY_CHANGES],
});
