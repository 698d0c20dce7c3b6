// Who is behind a call, as far as the record says.
import { isFields, type RecordFields, textAt } from './record.ts';

const fieldsOf = (value: unknown): RecordFields => (isFields(value) ? value : {});

/**
 * The person or program as briefly as tells: `alice`, `root`, `ops/alice@example.com` for a role and whoever took it, `ec2.amazonaws.com`.
 * A source identity is what the identity provider vouches for, so it comes before the session's name, which the caller chose.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function whoOf(record: unknown): string | undefined {
  const identity = fieldsOf(fieldsOf(record)['userIdentity']);
  const type = textAt(identity, 'type');
  if (type === 'Root') return 'root';
  if (type === 'AssumedRole') return roleSession(identity);
  const named = textAt(identity, 'userName') ?? textAt(identity, 'arn')?.replace(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:/, '');
  return (
    named ??
    textAt(identity, 'invokedBy') ??
    textAt(record, 'requestParameters.roleArn') ??
    textAt(identity, 'principalId') ??
    textAt(identity, 'accountId') ??
    type
  );
}

function roleSession(identity: RecordFields): string | undefined {
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(textAt(identity, 'arn') ?? '') ?? [];
  const behind = textAt(identity, 'sessionContext.sourceIdentity') ?? session ?? textAt(identity, 'principalId')?.split(':')[1];
  const taken = role ?? textAt(identity, 'sessionContext.sessionIssuer.userName');
  return [taken, behind].filter((part) => part !== undefined).join('/') || textAt(identity, 'arn');
}

/**
 * What tells one caller from another, however its sessions are named: the role's ARN with the session's name, the user's ARN, the service.
 */
export function principalOf(record: unknown): string | undefined {
  const identity = fieldsOf(record)['userIdentity'];
  const of = (path: string) => textAt(identity, path);
  return of('arn') ?? of('principalId') ?? of('invokedBy') ?? of('accountId') ?? of('userName');
}

/** `iam:CreateUser`: the service and the event's name. */
export function whatOf(record: unknown): string {
  const service = textAt(record, 'eventSource')?.replace(/\.amazonaws\.com(\.cn)?$/, '') ?? 'unknown';
  return `${service}:${textAt(record, 'eventName') ?? 'unknown'}`;
}
