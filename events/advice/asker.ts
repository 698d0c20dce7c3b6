// The door to an account: API calls asked once, and what is said of those that failed.

/** The services that are asked, by the names of their SDK packages. */
export const ASKED_SERVICES = [
  ...['accessanalyzer', 'cloudformation', 'cloudtrail', 'cloudwatch', 'cloudwatch-logs', 'config-service', 'ec2', 'elastic-load-balancing'],
  ...['elastic-load-balancing-v2', 'glacier', 'guardduty', 'iam', 'inspector2', 'rds', 'route-53', 's3', 's3-control', 'service-quotas'],
  ...['sns', 'sts'],
] as const;
export type AskedService = (typeof ASKED_SERVICES)[number];

/** Where IAM calls a service otherwise than its package. */
const IAM_PREFIXES: Partial<Record<AskedService, string>> = {
  accessanalyzer: 'access-analyzer',
  'cloudwatch-logs': 'logs',
  'config-service': 'config',
  'elastic-load-balancing': 'elasticloadbalancing',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'route-53': 'route53',
  's3-control': 's3',
  'service-quotas': 'servicequotas',
};

/** An API call that a check makes; its types are those of the SDK. */
export interface ApiCall<Input extends object, Output extends object> {
  service: AskedService;
  operation: string;
  /** The IAM action that it needs: `s3:GetBucketAcl`. */
  action: string;
  /** Never there: carries the types. */
  readonly types?: [Input, Output];
}

/** @param action  where it isn't called as the operation is: `s3:ListAllMyBuckets` for ListBuckets */
export const apiCall = <Input extends object, Output extends object>(
  service: AskedService,
  operation: string,
  action = `${IAM_PREFIXES[service] ?? service}:${operation}`,
): ApiCall<Input, Output> => ({ service, operation, action });

/** Where something is asked, where that isn't where the check stands. */
export interface AskedIn {
  region?: string;
  /** Asked before, so many times: for what changes while one waits, which is else answered as the first time. */
  again?: number;
}

/** Asks one account. Equal calls of a run are made once, whichever checks need them. */
export interface Asker {
  /** @throws NotAnswered */
  ask<Input extends object, Output extends object>(call: ApiCall<Input, Output>, input: Input, where?: AskedIn): Promise<Output>;
  /** All pages, in order. @throws NotAnswered */
  pages<Input extends object, Output extends object>(call: ApiCall<Input, Output>, input: Input, where?: AskedIn): Promise<Output[]>;
}

/** A call that was not answered: refused, or failed for good. */
export class NotAnswered extends Error {
  /** The service's: `AccessDenied`, `NoSuchBucket`. */
  readonly code: string;
  readonly call: ApiCall<object, object>;
  readonly region: string;

  constructor(call: ApiCall<object, object>, region: string, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    [this.call, this.region, this.code] = [call, region, code];
  }

  /** Whether the role lacks the permission. */
  get isDenied(): boolean {
    return /AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized|Forbidden/i.test(this.code);
  }

  /** What a person is told. */
  get reason(): string {
    if (this.isDenied) return `not asked: the role may not call ${this.call.action} in ${this.region}`;
    return `not answered: ${this.call.action} in ${this.region} failed with ${this.code}: ${this.message.split('\n', 1)[0]}`;
  }
}

/** The answer, or why there is none: for calls about one resource, whose failing says nothing of the others. */
export const answerOrWhy = <Output>(answer: Promise<Output>): Promise<Output | NotAnswered> =>
  answer.catch((error: unknown) => {
    if (error instanceof NotAnswered) return error;
    throw error;
  });

/** The answer, or undefined where the service says by one of these codes that there is nothing. */
export const answerUnless = <Output>(codes: readonly string[], answer: Promise<Output>): Promise<Output | undefined> =>
  answer.catch((error: unknown) => {
    if (error instanceof NotAnswered && codes.includes(error.code)) return undefined;
    throw error;
  });
