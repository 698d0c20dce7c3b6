// A gate in front of LocalStack: lets calls through, or has some of them hang or be throttled, as a service does on a bad day.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of calls: `hang` is never answered, `throttle` is refused as DynamoDB does. */
type Fate = 'hang' | 'throttle';

const THROTTLED = JSON.stringify({
  __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  message: 'The level of configured provisioned throughput for the table was exceeded.',
});

export class Gate {
  readonly address: string;
  private readonly server: Server;
  private readonly endpoint: string;
  private readonly ahead: { action: string; fate: Fate; times: number }[] = [];
  private met = 0;

  private constructor(server: Server, endpoint: string) {
    this.server = server;
    this.endpoint = endpoint;
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.answer(request, response));
  }

  static async open(endpoint: string): Promise<Gate> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Gate(server, endpoint);
  }

  /** Has the next calls of an action (`PutItem`) come to a bad end. */
  next(action: string, fate: Fate, times = 1): void {
    this.met = 0;
    this.ahead.push({ action, fate, times });
  }

  /** How many calls have come to a bad end since `next`. */
  get spoiled(): number {
    return this.met;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fate = this.fateOf(String(request.headers['x-amz-target']).split('.').at(-1)!);
    if (fate === 'hang') return;
    if (fate === 'throttle') return void response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(THROTTLED);
    const { authorization = '', 'x-amz-target': target = '', 'content-type': type = '' } = request.headers;
    const headers = { authorization, 'x-amz-target': String(target), 'content-type': type };
    const answer = await fetch(this.endpoint, { method: 'POST', headers, body: Buffer.concat(chunks) });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  private fateOf(action: string): Fate | undefined {
    const next = this.ahead.find((each) => each.action === action && each.times > 0);
    if (next === undefined) return undefined;
    next.times--;
    this.met++;
    return next.fate;
  }
}
