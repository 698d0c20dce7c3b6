// Results in the shape of Trusted Advisor's DescribeTrustedAdvisorCheckResult.
import { type AskedPlace, type Category, type Check, type Line, STATUS_COLOURS, STATUSES, type Status } from './check.ts';

export interface FlaggedResource {
  /** What tells the resource from others in its account and region. */
  resourceId: string;
  account: string;
  /** Absent for what is global. */
  region?: string;
  status: Status;
  isSuppressed: boolean;
  /** The columns' values, in order. */
  metadata: string[];
  /** Ours: why it stands so. */
  reason: string;
  /** Of a suppressed one: who excluded it, why and until when. */
  exclusion?: { reason: string; owner: string; until?: string };
}

/** @see https://docs.aws.amazon.com/awssupport/latest/APIReference/API_TrustedAdvisorCheckResult.html */
export interface CheckResult {
  checkId: string;
  name: string;
  category: Category;
  /** When it was asked, RFC 3339. */
  timestamp: string;
  status: Status;
  resourcesSummary: { resourcesProcessed: number; resourcesFlagged: number; resourcesIgnored: number; resourcesSuppressed: number };
  categorySpecificSummary: { costOptimizing?: { estimatedMonthlySavings: number; estimatedPercentMonthlySavings: number } };
  flaggedResources: FlaggedResource[];
}

/** The worst of several: red before yellow before what isn't known before green. */
export const worst = (statuses: Iterable<Status>): Status => {
  const all = new Set(statuses);
  return STATUSES.find((status) => all.has(status)) ?? 'ok';
};

/** Resources as they are shown: green ones where they are asked for. */
export const shownOf = (resources: readonly FlaggedResource[], withGreen: boolean): FlaggedResource[] =>
  resources.filter(({ status }) => withGreen || status !== 'ok');

/** A line with its columns in order. */
export function flaggedResource(check: Check, line: Line<string>, { account, region }: AskedPlace): FlaggedResource {
  const lies = line.region ?? (check.scope === 'region' ? region : undefined);
  const columnText = (column: string): string => {
    if (column === 'Status') return STATUS_COLOURS[line.status];
    return line.values[column] ?? (column === 'Region' ? (lies ?? '') : '');
  };
  return {
    ...{
      resourceId: line.resource,
      account,
      status: line.status,
      isSuppressed: false,
      metadata: check.columns.map(columnText),
      reason: line.reason,
    },
    ...(lies === undefined ? {} : { region: lies }),
  };
}

/** @param resources  all of them, those that are green or excluded too */
export function checkResult(check: Check, resources: readonly FlaggedResource[], timestamp: string): CheckResult {
  const counted = resources.filter(({ isSuppressed }) => !isSuppressed);
  const { id, name, category } = check;
  return {
    ...{ checkId: id, name, category, timestamp, status: worst(counted.map(({ status }) => status)) },
    resourcesSummary: {
      resourcesProcessed: resources.length,
      resourcesFlagged: counted.filter(({ status }) => status === 'error' || status === 'warning').length,
      resourcesIgnored: 0,
      resourcesSuppressed: resources.length - counted.length,
    },
    categorySpecificSummary:
      category === 'cost_optimizing' ? { costOptimizing: { estimatedMonthlySavings: 0, estimatedPercentMonthlySavings: 0 } } : {},
    flaggedResources: [...resources],
  };
}
