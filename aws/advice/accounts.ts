// Other accounts, asked in a role that each of them has: one that refuses is not available, and not the end of the others.
import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { type AdvisedAccount, type Asker, apiCall, NotAnswered } from '../../events/advice/index.ts';
import { enabledRegions } from './account.ts';
import { AccountAsker, type AskerOptions } from './accountasker.ts';

const ASSUME_ROLE = apiCall<AssumeRoleCommandInput, AssumeRoleCommandOutput>('sts', 'AssumeRole');

/** The role that is taken in each account. */
export interface MemberRole {
  /** With its path: `audit/trailbus`. */
  name: string;
  externalId?: string | undefined;
}

/**
 * Accounts as they are asked in a role of theirs.
 * @param from  whoever takes the role
 * @param regions  all that an account has enabled where none are given
 */
export function accountsInRole(
  accounts: readonly string[],
  { name, externalId }: MemberRole,
  from: { asker: AccountAsker; partition: string; home: string },
  regions: readonly string[],
  options: AskerOptions = {},
): Promise<AdvisedAccount[]> {
  const { asker, partition, home } = from;
  const input = (account: string): AssumeRoleCommandInput => ({
    ...{ RoleArn: `arn:${partition}:iam::${account}:role/${name}`, RoleSessionName: 'trailbus-advise' },
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  });
  const opened = async (account: string): Promise<AdvisedAccount> => {
    try {
      const { Credentials } = await asker.in(home).ask(ASSUME_ROLE, input(account));
      const member = new AccountAsker({ ...options, credentials: credentialsOf(Credentials) });
      const asked = regions.length > 0 ? regions : await enabledRegions(member, home, partition);
      return { account, partition, regions: asked, askerIn: (region) => member.in(region) };
    } catch (error) {
      if (!(error instanceof NotAnswered)) throw error;
      return { account, partition, regions: regions.length > 0 ? regions : [home], askerIn: () => refusing(error) };
    }
  };
  return Promise.all(accounts.map(opened));
}

const credentialsOf = (given: AssumeRoleCommandOutput['Credentials']) => ({
  ...{ accessKeyId: given?.AccessKeyId ?? '', secretAccessKey: given?.SecretAccessKey ?? '' },
  ...(given?.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
});

const refusing = (error: NotAnswered): Asker => ({ ask: () => Promise.reject(error), pages: () => Promise.reject(error) });
