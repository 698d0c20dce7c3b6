// IAM's credential report: one row for each user, and one for the root user.
import type {
  GenerateCredentialReportCommandInput,
  GenerateCredentialReportCommandOutput,
  GetCredentialReportCommandInput,
  GetCredentialReportCommandOutput,
} from '@aws-sdk/client-iam';
import { type Asker, apiCall } from '../../events/advice/index.ts';

const GENERATE = apiCall<GenerateCredentialReportCommandInput, GenerateCredentialReportCommandOutput>('iam', 'GenerateCredentialReport');
const REPORT = apiCall<GetCredentialReportCommandInput, GetCredentialReportCommandOutput>('iam', 'GetCredentialReport');

export const CREDENTIAL_REPORT_CALLS = [GENERATE, REPORT];

/** A row by the report's columns: `user`, `mfa_active`, `access_key_1_last_rotated`. */
export type CredentialRow = ReadonlyMap<string, string>;

export const ROOT_ROW = '<root_account>';

/** Making a report takes seconds; it is kept for four hours. */
const TRIES = 10;
const PAUSE_MS = 500;

/**
 * The rows; undefined when no report is ready in time, or it can't be read.
 *
 * @throws NotAnswered
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export async function credentialReport(asker: Asker): Promise<CredentialRow[] | undefined> {
  for (let again = 0; again < TRIES; again++) {
    const { State } = await asker.ask(GENERATE, {}, { again });
    if (State === 'COMPLETE') return rowsOf((await asker.ask(REPORT, {})).Content ?? new Uint8Array());
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return undefined;
}

/** A user's name may have a comma: a row that doesn't fit its header can't be read, and so the report. */
function rowsOf(content: Uint8Array): CredentialRow[] | undefined {
  const [header, ...lines] = new TextDecoder().decode(content).trim().split(/\r?\n/);
  const names = header!.split(',');
  const rows = lines.map((line) => line.split(','));
  if (rows.some(({ length }) => length !== names.length)) return undefined;
  return rows.map((values) => new Map(names.map((name, at) => [name, values[at]!])));
}
