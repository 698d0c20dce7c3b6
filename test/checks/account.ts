// An account that answers as AWS documents it, over HTTP: checks ask it through the SDK, as they ask AWS.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { AccountAsker } from '../../aws/advice/index.ts';
import { type ApiCall, type AskedPlace, type Asker, advise, type Check, type CheckResult } from '../../events/advice/index.ts';

/** What came: the operation where the protocol names it, and what was asked. */
export interface AskedCall {
  /** `DescribeSecurityGroups`; of REST services the method and path: `GET /2013-04-01/hostedzone`. */
  operation: string;
  /** Of the query protocols the form's fields; of JSON its members; of REST the query's. */
  input: Readonly<Record<string, unknown>>;
  /** As the SDK signed it: which region it asked. */
  region: string;
  /** Whether the service answers in JSON. */
  isJson: boolean;
}

/** A text to answer with: XML or JSON, as the service's protocol has it; a failure has a status. */
export type Answer = string | { status: number; body: string };

/** By operation what is answered; what isn't there is refused as AccessDenied. */
export type Answers = Readonly<Record<string, Answer | ((call: AskedCall) => Answer)>>;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Of the services without a header or form that says the operation, those that speak XML. */
const XML_SERVICES = ['s3', 'route53'];

function callOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): AskedCall {
  const [, region = '', service = ''] = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const target = headers['x-amz-target'];
  if (typeof target === 'string')
    return { operation: target.split('.').at(-1)!, input: JSON.parse(body || '{}') as object as AskedCall['input'], region, isJson: true };
  const form = new URLSearchParams(body);
  const action = form.get('Action');
  if (action !== null) return { operation: action, input: Object.fromEntries(form), region, isJson: false };
  const { pathname, searchParams } = new URL(url, 'http://account');
  const json = body.startsWith('{') ? (JSON.parse(body) as object) : {};
  const input = { ...Object.fromEntries(searchParams), ...json };
  return { operation: `${method} ${decodeURIComponent(pathname)}`, input, region, isJson: !XML_SERVICES.includes(service) };
}

const DENIED = {
  // S3 has the code in the root, others in an error of it.
  xml: '<ErrorResponse><Code>AccessDenied</Code><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>',
  json: '{"__type":"AccessDeniedException","message":"not authorized"}',
};

export class FakeAccount {
  /** The calls that came, in order. */
  readonly calls: AskedCall[] = [];
  private readonly answers: Answers;
  private server: Server | undefined;
  url = '';

  constructor(answers: Answers) {
    this.answers = answers;
  }

  async open(): Promise<this> {
    this.server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const call = callOf(request, body);
        this.calls.push(call);
        const isJson = call.isJson || String(request.headers['content-type']).includes('json');
        const { status, body: text } = this.answerTo(call, isJson);
        response.writeHead(status, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'text/xml' }).end(text);
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  private answerTo(call: AskedCall, isJson: boolean): { status: number; body: string } {
    const known = this.answers[call.operation];
    const answer = typeof known === 'function' ? known(call) : known;
    if (answer === undefined) return { status: 403, body: isJson ? DENIED.json : DENIED.xml };
    return typeof answer === 'string' ? { status: 200, body: answer } : answer;
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}

const ACCOUNT_ID = '111122223333';

/** The result of one check on an account that answers so. @param now  milliseconds since 1970 */
export async function asked(
  check: Check,
  answers: Answers,
  {
    regions = ['us-east-1'],
    now = Date.parse('2026-11-28T12:00:00Z'),
    partition = 'aws',
  }: { regions?: string[]; now?: number; partition?: string } = {},
): Promise<CheckResult & { calls: readonly AskedCall[] }> {
  const account = await new FakeAccount(answers).open();
  try {
    const asker = new AccountAsker({
      endpoint: account.url,
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
    });
    const undeclared: string[] = [];
    const askerIn = (region: string) => watched(asker.in(region), check, undeclared);
    const [result] = await advise([check], [{ account: ACCOUNT_ID, partition, regions, askerIn }], { now: () => now });
    assert.deepEqual(undeclared, [], 'calls that the check doesn’t declare: the role would lack them');
    return { ...result!, calls: account.calls };
  } finally {
    account.close();
  }
}

/** Calls that were made, by check: what a check declares and no test of its sees it make, its role need not have. */
const made = new Map<Check, Set<string>>();

const callText = ({ service, operation, action }: ApiCall<object, object>): string => `${service}:${operation} by ${action}`;

after(() => {
  for (const [check, calls] of made) {
    const unused = check.calls.map(callText).filter((call) => !calls.has(call));
    assert.deepEqual(unused, [], `calls that ${check.id} declares, and no test sees it make`);
  }
});

/** Notes the calls that a check makes and doesn't declare. */
function watched(asker: Asker, check: Check, undeclared: string[]): Asker {
  const calls = made.get(check) ?? new Set();
  made.set(check, calls);
  const declared = check.calls.map(callText);
  const look = (call: ApiCall<object, object>): void => {
    calls.add(callText(call));
    if (!declared.includes(callText(call))) undeclared.push(call.action);
  };
  return {
    ask: (call, input, where) => {
      look(call);
      return asker.ask(call, input, where);
    },
    pages: (call, input, where) => {
      look(call);
      return asker.pages(call, input, where);
    },
  };
}

/** The answer of a service that speaks the query protocol: IAM, RDS, SNS. */
export const queryAnswer = (operation: string, result = ''): string =>
  `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;

/** A failure of such a service. */
export const queryFailure = (code: string, status = 400): Answer => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>it failed</Message></Error></ErrorResponse>`,
});

/** A failure of S3. */
export const s3Failure = (code: string, status = 404): Answer => ({
  status,
  body: `<Error><Code>${code}</Code><Message>it failed</Message></Error>`,
});

/** A failure of a service that speaks JSON. */
export const jsonFailure = (code: string, status = 400): Answer => ({
  status,
  body: JSON.stringify({ __type: code, message: 'it failed' }),
});

/** Resource and colour of each line. */
export const colours = ({ flaggedResources }: CheckResult): string[] =>
  flaggedResources.map(({ resourceId, status }) => `${resourceId} ${status}`);

/** What judging gives for facts, as a table: resource, colour, reason. */
export function judged(check: Check, facts: unknown, now = Date.parse('2026-11-28T12:00:00Z'), place: Partial<AskedPlace> = {}): string[] {
  const lines = check.judge(facts, { account: ACCOUNT_ID, region: 'us-east-1', partition: 'aws', ...place, now });
  return lines.map(({ resource, status, reason }) => `${resource} ${status}: ${reason}`);
}
