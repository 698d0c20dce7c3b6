// An account asked through the SDK: each call once, so many at a time, and again where a service says it is asked too fast.
import type { STSClientConfig } from '@aws-sdk/client-sts';
import { type ApiCall, type AskedIn, type AskedService, type Asker, NotAnswered } from '../../events/advice/index.ts';
import { type SdkModule, sdkOf } from './apiclients.ts';

export interface AskerOptions {
  /** The chain of the SDK where none are given. */
  credentials?: NonNullable<STSClientConfig['credentials']>;
  /** An endpoint of one's own for all services: LocalStack, moto. */
  endpoint?: string;
  /** Calls under way at once. Default 40. */
  atOnce?: number;
  /** Tries of a call that a service refuses for a passing reason, the first included. Default 5. */
  maxAttempts?: number;
}

/** A client of the SDK, whichever it is. */
interface AnyClient {
  send(command: unknown): Promise<object>;
}

/** A service's client in one region, and the module that its commands are in. */
interface OpenClient {
  client: AnyClient;
  module: SdkModule;
}

type Constructor = new (input: object) => AnyClient;
type Paginate = (config: { client: AnyClient }, input: object) => AsyncIterable<object>;

const DEFAULT_AT_ONCE = 40;

export class AccountAsker {
  /** Calls made, by service and operation: what a run cost. */
  readonly calls = new Map<string, number>();
  private readonly options: AskerOptions;
  private readonly clients = new Map<string, Promise<OpenClient>>();
  private readonly answers = new Map<string, Promise<unknown>>();
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(options: AskerOptions = {}) {
    this.options = options;
    this.free = options.atOnce ?? DEFAULT_AT_ONCE;
  }

  /** Asks in one region, unless a call says where. */
  in(region: string): Asker {
    return {
      ask: <Input extends object, Output extends object>(call: ApiCall<Input, Output>, input: Input, where: AskedIn = {}) =>
        this.once(call, input, where.region ?? region, `ask ${where.again ?? ''}`, () =>
          this.answer(call, input, where.region ?? region),
        ) as Promise<Output>,
      pages: <Input extends object, Output extends object>(call: ApiCall<Input, Output>, input: Input, where = { region }) =>
        this.once(call, input, where.region ?? region, 'pages', () => this.allPages(call, input, where.region ?? region)) as Promise<
          Output[]
        >,
    };
  }

  private once(
    { service, operation }: ApiCall<object, object>,
    input: object,
    region: string,
    how: string,
    make: () => Promise<unknown>,
  ): Promise<unknown> {
    const key = JSON.stringify([service, operation, region, how, input]);
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = this.withTurn(make);
    answer.catch(() => undefined);
    this.answers.set(key, answer);
    return answer;
  }

  private async withTurn(make: () => Promise<unknown>): Promise<unknown> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await make();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }

  private answer(call: ApiCall<object, object>, input: object, region: string): Promise<object> {
    return this.made(call, region, ({ client, module }) => {
      const Command = module[`${call.operation}Command`] as new (input: object) => unknown;
      this.count(call);
      return client.send(new Command(input));
    });
  }

  private allPages(call: ApiCall<object, object>, input: object, region: string): Promise<object[]> {
    return this.made(call, region, async ({ client, module }) => {
      const paginate = module[`paginate${call.operation}`] as Paginate;
      const pages: object[] = [];
      for await (const page of paginate({ client }, input)) {
        this.count(call);
        pages.push(page);
      }
      return pages;
    });
  }

  /** @throws NotAnswered */
  private async made<Made>(call: ApiCall<object, object>, region: string, make: (opened: OpenClient) => Promise<Made>): Promise<Made> {
    try {
      return await make(await this.clientOf(call.service, region));
    } catch (error) {
      throw notAnswered(call, region, error);
    }
  }

  private count({ service, operation }: ApiCall<object, object>): void {
    const name = `${service}:${operation}`;
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
  }

  private clientOf(service: AskedService, region: string): Promise<OpenClient> {
    const key = `${service} ${region}`;
    const known = this.clients.get(key) ?? this.openClient(service, region);
    this.clients.set(key, known);
    return known;
  }

  private async openClient(service: AskedService, region: string): Promise<OpenClient> {
    const { module, client: name } = await sdkOf(service);
    const Client = module[name] as Constructor;
    return {
      module,
      client: new Client({ region, retryMode: 'adaptive', maxAttempts: this.options.maxAttempts ?? 5, ...this.ofService(service) }),
    };
  }

  private ofService(service: AskedService): object {
    const { credentials, endpoint } = this.options;
    return {
      ...(credentials === undefined ? {} : { credentials }),
      ...(endpoint === undefined ? {} : { endpoint }),
      // An endpoint of one's own has no host for each bucket, nor for each account.
      ...(endpoint !== undefined && service === 's3' ? { forcePathStyle: true } : {}),
      ...(endpoint !== undefined && service === 's3-control' ? { endpointProvider: () => ({ url: new URL(endpoint) }) } : {}),
    };
  }
}

function notAnswered(call: ApiCall<object, object>, region: string, error: unknown): unknown {
  const { name, message, code, Code } = error as { name?: string; message?: string; code?: string; Code?: string };
  // What is wrong in our own code is no answer of a service.
  if (error instanceof TypeError || error instanceof ReferenceError) return error;
  // A page of HTML, or nothing: an endpoint that doesn't know the call.
  if (/XML parse error|Unexpected token|Unexpected end of JSON/.test(message ?? ''))
    return new NotAnswered(call, region, 'UnreadableAnswer', 'the answer is none of this service', { cause: error });
  const said = [Code, name === 'Error' ? undefined : name, code].find((each) => each !== undefined) ?? 'Error';
  // What the SDK adds for who writes programs stands in lines of its own.
  return new NotAnswered(call, region, said, message?.split('\n')[0] ?? '', { cause: error });
}
