// IAM users with their policies, and the keys of one.
import type {
  AccessKeyMetadata,
  GetAccountAuthorizationDetailsCommandInput,
  GetAccountAuthorizationDetailsCommandOutput,
  ListAccessKeysCommandInput,
  ListAccessKeysCommandOutput,
  UserDetail,
} from '@aws-sdk/client-iam';
import { type Asker, answerOrWhy, answerUnless, apiCall, type NotAnswered } from '../../events/advice/index.ts';

const USERS = apiCall<GetAccountAuthorizationDetailsCommandInput, GetAccountAuthorizationDetailsCommandOutput>(
  'iam',
  'GetAccountAuthorizationDetails',
);
const ACCESS_KEYS = apiCall<ListAccessKeysCommandInput, ListAccessKeysCommandOutput>('iam', 'ListAccessKeys');

export const USER_CALLS = [USERS];
export const KEY_CALLS = [ACCESS_KEYS];

/** Most that a page may hold. Source: API reference, GetAccountAuthorizationDetails, `MaxItems` (read 2026-11-28). */
const MOST_USERS = 1000;

/** All users with their inline and attached policies: one call for hundreds of users, instead of two for each. */
export async function iamUsers(asker: Asker): Promise<UserDetail[]> {
  const pages = await asker.pages(USERS, { Filter: ['User'], MaxItems: MOST_USERS });
  return pages.flatMap(({ UserDetailList = [] }) => UserDetailList);
}

/** A user's keys; none where the user was deleted since it was listed. */
export async function accessKeysOf(asker: Asker, user: string): Promise<AccessKeyMetadata[] | NotAnswered> {
  const answer = answerUnless(['NoSuchEntity', 'NoSuchEntityException'], asker.pages(ACCESS_KEYS, { UserName: user }));
  const pages = await answerOrWhy(answer);
  return pages instanceof Error ? pages : (pages ?? []).flatMap(({ AccessKeyMetadata = [] }) => AccessKeyMetadata);
}

/** A change of users, or of policies that they have. */
export const USER_CHANGES = [
  {
    source: ['cloudtrail.iam'],
    detail: {
      eventName: ['CreateUser', 'DeleteUser', 'UpdateUser', 'AttachUserPolicy', 'DetachUserPolicy', 'PutUserPolicy', 'DeleteUserPolicy'],
    },
  },
];

export const KEY_CHANGES = [
  {
    source: ['cloudtrail.iam'],
    detail: { eventName: ['CreateAccessKey', 'DeleteAccessKey', 'UpdateAccessKey', 'DeleteUser', 'UpdateUser'] },
  },
];
