// The door to accounts that are asked for advice.
export { ACCOUNT_CALLS, accountHere } from './account.ts';
export { AccountAsker, type AskerOptions } from './accountasker.ts';
export { accountsInRole, type MemberRole } from './accounts.ts';
