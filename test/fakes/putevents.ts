// PutEvents with the limits that AWS enforces and LocalStack doesn't: as a function, and as a server in front of LocalStack.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SentEntry {
  Source?: string;
  DetailType?: string;
  Detail?: string;
  Resources?: string[];
  Time?: unknown;
  EventBusName?: string;
}

export interface Verdict {
  ErrorCode?: string;
  ErrorMessage?: string;
}

const MAX_ENTRIES = 10;
const MAX_CALL_BYTES = 1024 * 1024;

/** Source: EventBridge user guide, "Calculating PutEvents event entry size". */
function sizeOf(entry: SentEntry): number {
  const texts = [entry.Source ?? '', entry.DetailType ?? '', entry.Detail ?? '', ...(entry.Resources ?? [])];
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), entry.Time === undefined ? 0 : 14);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** What is wrong with a call as a whole: the message of its ValidationException. */
export function faultOfCall(entries: SentEntry[]): string | undefined {
  if (entries.length < 1 || entries.length > MAX_ENTRIES)
    return `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to ${MAX_ENTRIES}`;
  if (entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > MAX_CALL_BYTES)
    return 'Total size of the entries in the request is over the limit.';
  return undefined;
}

/** What is wrong with one entry; `closedTo` are detail-types the bus's policy refuses. Codes: API reference, PutEventsResultEntry. */
export function verdictOn(entry: SentEntry, closedTo: ReadonlySet<string>): Verdict {
  if (!entry.Source || !entry.DetailType || !entry.Detail) return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter is not valid.' };
  if (entry.Source.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: `Not authorized for the source ${entry.Source}` };
  if (!isJsonObject(entry.Detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  if (closedTo.has(entry.DetailType))
    return { ErrorCode: 'NotAuthorizedForDetailTypeException', ErrorMessage: `Not authorized for the detail-type ${entry.DetailType}` };
  return {};
}

/** Sends the entries on to a real endpoint, in the protocol the SDK speaks (AWS JSON 1.1). */
async function forward(endpoint: string, headers: Record<string, string>, entries: SentEntry[]): Promise<void> {
  const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ Entries: entries }) });
  const { FailedEntryCount } = (await answer.json()) as { FailedEntryCount?: number };
  if (!answer.ok || FailedEntryCount !== 0) throw new Error(`the endpoint behind refused: ${answer.status}`);
}

/** A server that answers PutEvents as AWS does, and sends the entries it accepts to `endpoint`. */
export async function strictPutEvents(endpoint: string, closedTo: ReadonlySet<string>): Promise<{ server: Server; address: string }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { Entries } = JSON.parse(Buffer.concat(chunks).toString()) as { Entries: SentEntry[] };
    const say = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    const fault = faultOfCall(Entries);
    if (fault) return say(400, { __type: 'ValidationException', message: fault });
    const verdicts = Entries.map((entry) => verdictOn(entry, closedTo));
    const accepted = Entries.filter((_, index) => verdicts[index]?.ErrorCode === undefined);
    const { authorization = '', 'x-amz-target': target } = request.headers;
    const headers = { authorization, 'x-amz-target': String(target), 'content-type': 'application/x-amz-json-1.1' };
    if (accepted.length > 0) await forward(endpoint, headers, accepted);
    const results = verdicts.map((verdict, index) => (verdict.ErrorCode ? verdict : { EventId: `event-${index}` }));
    return say(200, { FailedEntryCount: Entries.length - accepted.length, Entries: results });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
