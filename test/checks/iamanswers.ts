// Answers of IAM about users and their keys, as its API reference has them.
import { type Answer, type AskedCall, queryAnswer } from './account.ts';

const policies = (list: string, names: readonly string[]): string =>
  `<${list}>${names.map((name) => `<member><PolicyName>${name}</PolicyName><PolicyArn>arn:aws:iam::aws:policy/${name}</PolicyArn></member>`).join('')}</${list}>`;

export interface GivenUser {
  name: string;
  inline?: string[];
  attached?: string[];
}

const userDetail = ({ name, inline = [], attached = [] }: GivenUser): string =>
  `<member><UserName>${name}</UserName>${policies('UserPolicyList', inline)}${policies('AttachedManagedPolicies', attached)}</member>`;

/** A page for each list of users. */
export const userPages =
  (...pages: GivenUser[][]) =>
  ({ input }: AskedCall): string => {
    const at = Number(input['Marker'] ?? 0);
    const more = at + 1 < pages.length ? `<IsTruncated>true</IsTruncated><Marker>${at + 1}</Marker>` : '<IsTruncated>false</IsTruncated>';
    return queryAnswer('GetAccountAuthorizationDetails', `<UserDetailList>${pages[at]!.map(userDetail).join('')}</UserDetailList>${more}`);
  };

export interface GivenKey {
  id: string;
  created: string;
  status?: 'Active' | 'Inactive';
}

/** Keys by user; of others what is given, or none. */
export const keysBy =
  (users: Readonly<Record<string, GivenKey[] | Answer>>) =>
  ({ input }: AskedCall): Answer => {
    const keys = users[String(input['UserName'])] ?? [];
    if (!Array.isArray(keys)) return keys;
    const members = keys.map(
      ({ id, created, status = 'Active' }) =>
        `<member><AccessKeyId>${id}</AccessKeyId><Status>${status}</Status><CreateDate>${created}</CreateDate></member>`,
    );
    return queryAnswer('ListAccessKeys', `<AccessKeyMetadata>${members.join('')}</AccessKeyMetadata><IsTruncated>false</IsTruncated>`);
  };

const REPORT_COLUMNS = 'user,arn,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated';

/** A credential report of these rows: `ann,arn,true,2026-01-01T00:00:00+00:00,false,N/A`. */
export const reportOf = (...rows: string[]): string =>
  queryAnswer(
    'GetCredentialReport',
    `<Content>${Buffer.from([REPORT_COLUMNS, ...rows, ''].join('\n')).toString('base64')}</Content><ReportFormat>text/csv</ReportFormat>`,
  );

export const reportState = (state: string): string => queryAnswer('GenerateCredentialReport', `<State>${state}</State>`);
