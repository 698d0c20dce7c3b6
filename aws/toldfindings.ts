// The findings that a deployed alert function has told, as its log says: reading it changes nothing, and needs one permission.
import { type CloudWatchLogsClient, type FilteredLogEvent, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ReadError } from '../events/errors.ts';
import { FINDING_LINES, type FindingFacts } from '../events/finding.ts';

export interface LoggedFinding extends FindingFacts {
  /** False for a detection on trial, of which nobody is told. */
  wasTold: boolean;
}

/**
 * The findings logged since a time, those told and those on trial.
 * @throws ReadError
 */
export async function loggedFindings(client: CloudWatchLogsClient, logGroupName: string, since: Date): Promise<LoggedFinding[]> {
  const found: LoggedFinding[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client
      .send(new FilterLogEventsCommand({ logGroupName, startTime: since.getTime(), nextToken }))
      .catch((cause: Error) => {
        throw unread(cause, logGroupName);
      });
    found.push(...(page.events ?? []).flatMap(findingIn));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

function findingIn({ message = '' }: FilteredLogEvent): LoggedFinding[] {
  if (!message.startsWith('{')) return [];
  try {
    const line = JSON.parse(message) as { message?: unknown; finding?: FindingFacts };
    if (line.finding === undefined || (line.message !== FINDING_LINES.told && line.message !== FINDING_LINES.onTrial)) return [];
    return [{ ...line.finding, wasTold: line.message === FINDING_LINES.told }];
  } catch {
    return [];
  }
}

function unread(cause: Error, source: string): ReadError {
  const isMissing = cause.name === 'ResourceNotFoundException';
  const help = isMissing
    ? 'the stack has no alert function: deploy it with detections=on'
    : 'check region and credentials; you need logs:FilterLogEvents on this log group';
  return new ReadError(`can’t read the log of the alert function: ${cause.name}: ${cause.message}`, !isMissing, { source, help, cause });
}
