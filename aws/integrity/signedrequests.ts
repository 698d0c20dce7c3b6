// Signed HTTP requests without the SDK's middleware: a third of its CPU time a request, which is the cost once thousands run at once.
// Retries and their number are botocore's legacy mode, since awscli's output shows them.
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, Agent as PlainAgent, STATUS_CODES } from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';
import { SignatureV4 } from '@smithy/signature-v4';
import { FatalError, IntegrityError, ServiceError, type ServiceRefusal, SetupError } from '../../events/digest/index.ts';

export interface SignedCall {
  /** As AWS names it, for errors: `GetObject`. */
  operation: string;
  /** Signing name. */
  service: string;
  region: string;
  /** Scheme, host and base path, without a trailing slash. */
  endpoint: string;
  method: 'GET' | 'POST';
  /** Already percent-encoded, begins with `/`. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
  /** The status an answer counts as, where a service tells errors with another. */
  statusOf?: (answer: HttpAnswer) => number;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Names as they were spelled, and values, in turn. */
  rawHeaders: readonly string[];
  body: Buffer;
}

/** Reads code and message out of an answer that is an error. */
export type ErrorReader = (answer: HttpAnswer) => ServiceComplaint;

/** What an answer that is an error says. */
export type ServiceComplaint = Pick<ServiceRefusal, 'errorCode' | 'said'>;

/** No whole answer came: it is worth another try. */
export class ConnectionError extends IntegrityError {}

/** SHA-256 as the signer wants it, by node:crypto. */
class Sha256 {
  private readonly state: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.state = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(data: Uint8Array | string): void {
    this.state.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.state.digest();
  }
  reset(): void {}
}

interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface RequestOptions {
  credentials: () => Promise<AwsCredentials>;
  /** Times a request is sent at most; botocore's legacy mode sends 5. */
  maxAttempts: number;
  /** Bytes of large answers held at once. */
  maxHeldBytes: number;
  /** Time without a byte after which a connection is given up. */
  silenceMs: number;
  /** 0 up to 1: spreads the waits between attempts. */
  random: () => number;
  sleep: (waitMs: number) => Promise<void>;
}

/** Answers larger than this wait until there is room for them. */
const LARGE_BYTES = 2 ** 20;

/** Botocore's legacy mode doesn't count 429 among the passing ones. */
const RETRIED_STATUSES = new Set([500, 502, 503, 504, 509]);
const RETRIED_CODES = new Set([
  ...['Throttling', 'ThrottlingException', 'ThrottledException', 'RequestThrottledException'],
  ...['ProvisionedThroughputExceededException', 'TooManyRequestsException'],
]);
const RETRIED_CODES_OF_S3 = new Set(['RequestTimeout', 'BadDigest']);

/** The failure may pass by itself, as botocore's `_retry.json` has it. */
const isPassing = (service: string, status: number, code = ''): boolean =>
  RETRIED_STATUSES.has(status) || (status === 400 && (RETRIED_CODES.has(code) || (service === 's3' && RETRIED_CODES_OF_S3.has(code))));

/** Lets holders of bytes through while they fit; one alone always does. */
class Room {
  private readonly size: number;
  private held = 0;
  private readonly waiting: { bytes: number; enter: () => void }[] = [];

  constructor(size: number) {
    this.size = size;
  }

  async enter(bytes: number): Promise<void> {
    if (this.waiting.length === 0 && this.fits(bytes)) this.held += bytes;
    else await new Promise<void>((enter) => this.waiting.push({ bytes, enter }));
  }

  leave(bytes: number): void {
    this.held -= bytes;
    for (let next = this.waiting[0]; next && this.fits(next.bytes); next = this.waiting[0]) {
      this.held += next.bytes;
      this.waiting.shift()!.enter();
    }
  }

  private fits(bytes: number): boolean {
    return this.held === 0 || this.held + bytes <= this.size;
  }
}

/** Why no answer came. */
function connectionError(error: NodeJS.ErrnoException, url: string): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const codes = { ECONNRESET: 'CONNECTION_CLOSED', SILENT: 'READ_TIMEOUT', ETIMEDOUT: 'CONNECT_TIMEOUT' } as const;
  return new ConnectionError({ code: codes[error.code as keyof typeof codes] ?? 'NOT_CONNECTED', url }, error);
}

function collect(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A connection lost half-way is told by `close`, which knows how much came.
    response.on('error', () => {});
    response.on('close', () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      const expected = Number(response.headers['content-length'] ?? body.length);
      if (response.complete && body.length === expected) resolve(body);
      else reject(new ConnectionError({ code: 'BODY_CUT', readBytes: body.length, missingBytes: expected - body.length }));
    });
  });
}

/** A name without a value stands alone, as `?location`; it is signed as `location=`. */
const queryText = (query: Record<string, string> = {}) =>
  Object.entries(query)
    .map(([name, value]) => (value === '' ? encodeName(name) : `${encodeName(name)}=${encodeName(value)}`))
    .join('&');

/** Percent-encodes everything but letters, digits and `-._~`. */
const encodeName = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Percent-encodes a key, slashes kept. */
export const encodePath = (key: string): string => key.split('/').map(encodeName).join('/');

/** A service's error with the answer it came in. */
export class AnsweredError extends ServiceError {
  readonly answer: HttpAnswer;

  constructor(refusal: ServiceRefusal, answer: HttpAnswer) {
    super(refusal);
    this.answer = answer;
  }
}

export class SignedRequests {
  private readonly options: RequestOptions;
  private readonly signers = new Map<string, SignatureV4>();
  private readonly plain = new PlainAgent({ keepAlive: true });
  private readonly secure = new SecureAgent({ keepAlive: true });
  private readonly room: Room;

  constructor(options: RequestOptions) {
    this.options = options;
    this.room = new Room(options.maxHeldBytes);
  }

  private signer(service: string, region: string): SignatureV4 {
    const name = `${service} ${region}`;
    const known = this.signers.get(name);
    if (known) return known;
    const { credentials } = this.options;
    const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 as never, uriEscapePath: service !== 's3' });
    this.signers.set(name, signer);
    return signer;
  }

  private async signedHeaders(call: SignedCall, url: URL, path: string): Promise<Record<string, string>> {
    const payload = call.body ?? '';
    const own: Record<string, string> =
      call.service === 's3' ? { 'x-amz-content-sha256': createHash('sha256').update(payload).digest('hex') } : {};
    const signed = await this.signer(call.service, call.region).sign({
      method: call.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path,
      query: call.query ?? {},
      headers: { ...call.headers, ...own, host: url.host },
      body: payload,
    });
    return signed.headers;
  }

  private async sendOnce(call: SignedCall): Promise<HttpAnswer> {
    const url = new URL(call.endpoint);
    const path = (url.pathname === '/' ? '' : url.pathname) + call.path;
    const isSecure = url.protocol === 'https:';
    const headers = await this.signedHeaders(call, url, path);
    const query = queryText(call.query);
    const fullPath = query ? `${path}?${query}` : path;
    const options = { method: call.method, headers, path: fullPath, host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port };
    try {
      return await new Promise<HttpAnswer>((resolve, reject) => {
        const send = isSecure ? httpsRequest : httpRequest;
        const request = send({ ...options, agent: isSecure ? this.secure : this.plain, timeout: this.options.silenceMs });
        request.on('timeout', () => request.destroy(Object.assign(new Error('no byte came'), { code: 'SILENT' })));
        request.on('error', reject);
        request.on('response', (response) => this.receive(response).then(resolve, reject));
        request.end(call.body);
      });
    } catch (error) {
      throw connectionError(error as NodeJS.ErrnoException, `${url.protocol}//${url.host}${fullPath}`);
    }
  }

  private async receive(response: IncomingMessage): Promise<HttpAnswer> {
    const length = Number(response.headers['content-length'] ?? 0);
    const isLarge = length > LARGE_BYTES;
    if (isLarge) await this.room.enter(length);
    try {
      const { statusCode: status = 0, headers, rawHeaders } = response;
      return { status, headers, rawHeaders, body: await collect(response) };
    } finally {
      if (isLarge) this.room.leave(length);
    }
  }

  /**
   * Sends a request, again when it failed for a passing reason.
   * @throws AnsweredError when the service answers with an error; ConnectionError when no whole answer came; SetupError without credentials
   */
  async send(call: SignedCall, readError: ErrorReader): Promise<HttpAnswer> {
    const { maxAttempts, random, sleep } = this.options;
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= maxAttempts;
      try {
        const came = await this.sendOnce(call);
        const answer = call.statusOf ? { ...came, status: call.statusOf(came) } : came;
        if (answer.status < 300) return answer;
        const complaint = readError(answer);
        const mayPass = isPassing(call.service, answer.status, complaint.errorCode);
        const retries = mayPass ? { retries: attempt - 1 } : {};
        if (!mayPass || isLast) throw new AnsweredError({ operation: call.operation, ...complaint, ...retries }, answer);
      } catch (error) {
        if (!(error instanceof ConnectionError) || isLast) throw withoutCredentials(error);
      }
      await sleep(random() * 2 ** (attempt - 1) * 1_000);
    }
  }

  /** Closes idle connections, so that the process can end. */
  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}

function withoutCredentials(error: unknown): unknown {
  if ((error as { name?: string }).name !== 'CredentialsProviderError') return error;
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = process.env;
  if (id && !secret) return new FatalError({ code: 'CREDENTIALS_PARTIAL', missing: 'AWS_SECRET_ACCESS_KEY' }, error);
  return new SetupError({ code: 'CREDENTIALS_MISSING' }, error);
}

/** Code and message when the body says none: the HTTP status. */
export const statusError = ({ status }: HttpAnswer): ServiceComplaint => ({ errorCode: String(status), said: STATUS_CODES[status] ?? '' });

/** A JSON body as botocore takes it: none is empty, and what is no JSON is a message. @throws IntegrityError for a list or a text */
export function jsonBody(body: Buffer): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = body.length === 0 ? {} : JSON.parse(body.toString());
  } catch {
    return { message: body.toString() };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new IntegrityError({ code: 'ANSWER_NOT_OBJECT', value: parsed });
  return parsed as Record<string, unknown>;
}

/** Reads an error of a service that speaks JSON: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization */
export function jsonError({ status, headers, body }: HttpAnswer): ServiceComplaint {
  const parsed = jsonBody(body);
  const { __type: type = String(status), message: said = parsed['Message'] ?? '' } = parsed;
  const code = String(type).split(':')[0]!.split('#').at(-1)!;
  const [queryCode, fault, ...more] = String(headers['x-amzn-query-error'] ?? '').split(';');
  return { errorCode: queryCode && fault !== undefined && more.length === 0 ? queryCode : code, said };
}
