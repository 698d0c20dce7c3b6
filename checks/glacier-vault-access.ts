// Glacier vaults whose policy lets everybody in.
import type {
  DescribeVaultOutput,
  GetVaultAccessPolicyCommandInput,
  GetVaultAccessPolicyCommandOutput,
  GetVaultLockCommandInput,
  GetVaultLockCommandOutput,
} from '@aws-sdk/client-glacier';
import { type Asker, answerOrWhy, apiCall, check, type Line, NotAnswered } from '../events/advice/index.ts';
import { statementsForAll } from './facts/openpolicy.ts';
import { OWN_ACCOUNT, VAULTS, vaults } from './facts/vaults.ts';

const ACCESS = apiCall<GetVaultAccessPolicyCommandInput, GetVaultAccessPolicyCommandOutput>('glacier', 'GetVaultAccessPolicy');
const LOCK = apiCall<GetVaultLockCommandInput, GetVaultLockCommandOutput>('glacier', 'GetVaultLock');

const COLUMNS = ['Status', 'Region', 'Vault Name', 'Vault ARN', 'Vault Lock', 'Public Statements'] as const;

interface VaultFacts {
  vault: DescribeVaultOutput;
  access: GetVaultAccessPolicyCommandOutput | NotAnswered;
  lock: GetVaultLockCommandOutput | NotAnswered;
}

const vaultFacts = async (asker: Asker): Promise<VaultFacts[]> =>
  Promise.all(
    (await vaults(asker)).map(async (vault) => {
      const input = { accountId: OWN_ACCOUNT, vaultName: vault.VaultName ?? '' };
      const [access, lock] = await Promise.all([answerOrWhy(asker.ask(ACCESS, input)), answerOrWhy(asker.ask(LOCK, input))]);
      return { vault, access, lock };
    }),
  );

/** Glacier has one code for a vault that is gone and for a policy that was never set. */
const isAbsent = (answer: object): boolean => answer instanceof NotAnswered && answer.code === 'ResourceNotFoundException';
const isGone = (answer: object): boolean => answer instanceof NotAnswered && isAbsent(answer) && /^Vault not found/i.test(answer.message);

function linesOf({ vault, access, lock }: VaultFacts): Line<(typeof COLUMNS)[number]>[] {
  const { VaultName: resource = '', VaultARN = '' } = vault;
  if ([access, lock].some(isGone)) return [];
  const policies = [
    access instanceof NotAnswered ? undefined : access.policy?.Policy,
    lock instanceof NotAnswered ? undefined : lock.Policy,
  ];
  const statements = policies.flatMap((policy) =>
    policy === undefined ? [] : (statementsForAll(policy) ?? ['the whole policy, which is no JSON']),
  );
  const values = {
    ...{ 'Vault Name': resource, 'Vault ARN': VaultARN, 'Public Statements': statements.join(', ') },
    'Vault Lock': lock instanceof NotAnswered ? '' : (lock.State ?? ''),
  };
  if (statements.length > 0)
    return [{ resource, status: 'error', values, reason: `vault \`${resource}\` lets everybody in by ${statements.join(', ')}` }];
  const unasked = [access, lock].find((answer) => answer instanceof NotAnswered && !isAbsent(answer));
  if (unasked instanceof NotAnswered) return [{ resource, status: 'not_available', values, reason: unasked.reason }];
  return [{ resource, status: 'ok', values, reason: `vault \`${resource}\` lets nobody in but whom it names` }];
}

export default check({
  id: 'trailbus-glacier-vault-access',
  name: 'Amazon S3 Glacier Vault Access',
  category: 'security',
  description:
    'Looks at the access policy and the lock of each Glacier vault. What an archive holds is meant to be kept, and seldom looked at: nobody notices who reads or deletes it.',
  criteria: {
    red: 'a policy of the vault allows something to everybody, without a condition that narrows it',
    green: 'the vault has no policy, or allows named accounts, roles and services only',
  },
  action: 'Name the accounts or roles in the policy in place of `*`, and lock the vault so that nobody opens it again.',
  references: [
    'https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-access-policy.html',
    'https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-lock.html',
  ],
  columns: COLUMNS,
  scope: 'region',
  calls: [VAULTS, ACCESS, LOCK],
  collect: vaultFacts,
  judge: (facts) => facts.flatMap(linesOf),
  staleAfter: [
    {
      source: ['cloudtrail.glacier'],
      detail: {
        eventName: [
          ...['CreateVault', 'DeleteVault', 'SetVaultAccessPolicy', 'DeleteVaultAccessPolicy'],
          ...['InitiateVaultLock', 'AbortVaultLock', 'CompleteVaultLock'],
        ],
      },
    },
  ],
});
