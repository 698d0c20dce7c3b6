// Who is behind a call, as far as the record says.
import { nameInArn, withoutHost } from '../cloudtrail.ts';
import { LazyRecord, textAt } from './record.ts';

/**
 * The person or program as briefly as tells: `alice`, `root`, `ops/alice@example.com` for a role and whoever took it, `ec2.amazonaws.com`.
 * A source identity is what the identity provider vouches for, so it comes before the session's name, which the caller chose.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function whoOf(record: unknown): string | undefined {
  const who = ofCaller(record, namedCaller);
  const of = (name: string) => identityText(record, name);
  if (who !== undefined || of('type') === 'AssumedRole') return who;
  return textAt(record, 'requestParameters.roleArn') || (of('principalId') ?? of('accountId') ?? of('type'));
}

/** A text of `userIdentity`; what is empty there says nothing. */
const identityText = (record: unknown, name: string): string | undefined => textAt(record, `userIdentity.${name}`) || undefined;

/** As `userIdentity` alone names them. */
function namedCaller(record: unknown): string | undefined {
  const of = (name: string) => identityText(record, name);
  const type = of('type');
  if (type === 'Root') return 'root';
  if (type === 'AssumedRole') return roleSession(record);
  const arn = of('arn');
  // Of Identity Center only the id of its user is told.
  return of('userName') ?? (arn === undefined ? undefined : nameInArn(arn)) ?? of('onBehalfOf.userId') ?? of('invokedBy');
}

/** What `work` makes of `userIdentity`, once for all records that have the same. */
const ofCaller = (record: unknown, work: (record: unknown) => string | undefined): string | undefined =>
  record instanceof LazyRecord ? record.ofCaller(work, () => work(record)) : work(record);

function roleSession(record: unknown): string | undefined {
  const arn = textAt(record, 'userIdentity.arn');
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn ?? '') ?? [];
  const behind = sourceIdentity(record) ?? session ?? textAt(record, 'userIdentity.principalId')?.split(':')[1];
  const taken = role ?? textAt(record, 'userIdentity.sessionContext.sessionIssuer.userName');
  return [taken, behind].filter((part) => part !== undefined).join('/') || arn;
}

/** Few sessions have one: where the word isn't in the bytes, they needn't be parsed. */
function sourceIdentity(record: unknown): string | undefined {
  if (record instanceof LazyRecord && record.knows('userIdentity') && !record.mayHold('userIdentity', 'sourceIdentity')) return undefined;
  return textAt(record, 'userIdentity.sessionContext.sourceIdentity');
}

/** What tells one caller from another: the role's ARN with the session's name, the user's ARN, the service. */
export const principalOf = (record: unknown): string | undefined => ofCaller(record, principal);

function principal(record: unknown): string | undefined {
  const of = (name: string) => identityText(record, name);
  return of('arn') ?? of('principalId') ?? of('onBehalfOf.userId') ?? of('invokedBy') ?? of('accountId') ?? of('userName');
}

/**
 * `iam:CreateUser`: the service and the event's name; of an Insight those of the calls it is about.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-insight-details.html
 */
export function whatOf(record: unknown): string {
  const of = (name: string) => textAt(record, name) ?? textAt(record, `insightDetails.${name}`);
  const service = of('eventSource');
  return `${service === undefined ? 'unknown' : withoutHost(service)}:${of('eventName') ?? 'unknown'}`;
}
