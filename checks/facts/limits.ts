// How much of a limit is used: one kind of check for every limit.
import type {
  GetAWSDefaultServiceQuotaCommandInput,
  GetAWSDefaultServiceQuotaCommandOutput,
  GetServiceQuotaCommandInput,
  GetServiceQuotaCommandOutput,
} from '@aws-sdk/client-service-quotas';
import { type ApiCall, type Asker, answerOrWhy, apiCall, type Check, check, type Line, NotAnswered } from '../../events/advice/index.ts';

const APPLIED = apiCall<GetServiceQuotaCommandInput, GetServiceQuotaCommandOutput>('service-quotas', 'GetServiceQuota');
const DEFAULT = apiCall<GetAWSDefaultServiceQuotaCommandInput, GetAWSDefaultServiceQuotaCommandOutput>(
  'service-quotas',
  'GetAWSDefaultServiceQuota',
);

export const QUOTA_CALLS = [APPLIED, DEFAULT];

/** A limit as Service Quotas names it: `{ service: 'vpc', code: 'L-F678F1CE' }`. */
export interface Quota {
  service: string;
  code: string;
}

/**
 * The limit that holds for the account; where Service Quotas doesn't know it, what the service says itself; then the default.
 * @param own  asks the service itself
 * @throws NotAnswered  of the first that failed
 */
export async function quotaOf(
  asker: Asker,
  { service, code }: Quota,
  own?: (asker: Asker) => Promise<number | undefined>,
): Promise<number | undefined> {
  const input = { ServiceCode: service, QuotaCode: code };
  const sources = [
    () => asker.ask(APPLIED, input).then(({ Quota: applied }) => applied?.Value),
    ...(own === undefined ? [] : [() => own(asker)]),
    () => asker.ask(DEFAULT, input).then(({ Quota: byDefault }) => byDefault?.Value),
  ];
  let why: NotAnswered | undefined;
  for (const source of sources) {
    const value = await answerOrWhy(source());
    if (typeof value === 'number') return value;
    if (value instanceof NotAnswered) why ??= value;
  }
  if (why !== undefined) throw why;
  return undefined;
}

/** What a check of a limit says beside what all of them say. */
export interface LimitWords {
  id: string;
  name: string;
  /** Trusted Advisor's names, in its columns. */
  service: string;
  limit: string;
  /** What happens at the limit. */
  description: string;
  references: readonly string[];
  scope: Check['scope'];
  calls: readonly ApiCall<object, object>[];
  /** How many there are, undefined when the service doesn't say. @throws NotAnswered */
  usage: (asker: Asker) => Promise<number | undefined>;
  /** How many there may be. @throws NotAnswered */
  maximum: (asker: Asker) => Promise<number | undefined>;
  /** Whose calls, and which, change how many there are. */
  changedBy: { source: string; calls: readonly string[] };
}

const COLUMNS = ['Region', 'Service', 'Limit Name', 'Limit Amount', 'Current Usage', 'Status'] as const;

export interface LimitFacts {
  usage: number | undefined | NotAnswered;
  maximum: number | undefined | NotAnswered;
}

/** A check that a limit is not nearly reached. */
export function limitCheck({ service, limit, usage, maximum, changedBy, ...words }: LimitWords): Check {
  return check<LimitFacts, (typeof COLUMNS)[number]>({
    ...words,
    category: 'service_limits',
    criteria: {
      red: 'all of the limit is used: the next one fails',
      yellow: '80 % of the limit or more are used',
      green: 'less than 80 % of the limit are used',
    },
    action: 'Ask for a higher limit in Service Quotas before it is needed, or delete what nobody uses.',
    columns: COLUMNS,
    collect: async (asker) => {
      const [used, most] = await Promise.all([answerOrWhy(usage(asker)), answerOrWhy(maximum(asker))]);
      return { usage: used, maximum: most };
    },
    judge: (facts) => [
      lineOf(facts, limit, { ...(words.scope === 'account' ? { Region: '-' } : {}), Service: service, 'Limit Name': limit }),
    ],
    staleAfter: [{ source: [`cloudtrail.${changedBy.source}`], detail: { eventName: changedBy.calls } }],
  });
}

type LimitLine = Line<(typeof COLUMNS)[number]>;

function lineOf({ usage, maximum }: LimitFacts, resource: string, named: LimitLine['values']): LimitLine {
  const values = { ...named, 'Limit Amount': numberText(maximum), 'Current Usage': numberText(usage) };
  const unanswered = [maximum, usage].find((said) => said instanceof NotAnswered);
  if (unanswered instanceof NotAnswered) return { resource, status: 'not_available', values, reason: unanswered.reason };
  if (typeof usage !== 'number' || typeof maximum !== 'number')
    return {
      resource,
      status: 'not_available',
      values,
      reason: `the service doesn’t say ${usage === undefined ? 'how many there are' : 'the limit'}`,
    };
  return { resource, status: limitStatus(usage, maximum), values, reason: `${usage} of ${maximum} ${resource} are used` };
}

const numberText = (said: number | undefined | NotAnswered): string => (typeof said === 'number' ? String(said) : '');

function limitStatus(usage: number, maximum: number): 'error' | 'warning' | 'ok' {
  if (usage === 0) return 'ok';
  if (usage >= maximum) return 'error';
  return usage * 100 >= maximum * 80 ? 'warning' : 'ok';
}
