// What changed from one run to the next: kept small, so that a file or an object holds two of them.
import { type AskedPlace, type Check, STATUSES, type Status } from './check.ts';
import type { CheckResult } from './result.ts';

/** How one resource stood. */
export interface KeptLine extends Pick<AskedPlace, 'account'> {
  checkId: string;
  name: string;
  resource: string;
  region?: string;
  status: Status;
  isSuppressed: boolean;
  reason: string;
}

/** A run that is remembered: of green resources nothing is kept, of the rest a line. */
export interface KeptRun {
  /** RFC 3339. */
  at: string;
  /** Checks and places that were asked, see `askedPlace`: of what isn't here nothing is known. */
  asked: string[];
  lines: KeptLine[];
}

/** `CHECK ACCOUNT REGION`; the region of what is asked once for the account is `global`. */
export const askedPlace = (
  { id, scope }: Pick<Check, 'id' | 'scope'>,
  { account, region }: Pick<AskedPlace, 'account' | 'region'>,
): string => placeText({ checkId: id, account, region: scope === 'account' ? 'global' : region });

const placeText = ({ checkId, account, region = 'global' }: Pick<KeptLine, 'checkId' | 'account' | 'region'>): string =>
  `${checkId} ${account} ${region}`;

export function keptRun(results: readonly CheckResult[], asked: readonly string[]): KeptRun {
  const lines = results.flatMap(({ checkId, name, flaggedResources }) =>
    flaggedResources
      .filter(({ status, isSuppressed }) => status !== 'ok' || isSuppressed)
      .map(({ resourceId, account, region, status, isSuppressed, reason }) => ({
        ...{ checkId, name, resource: resourceId, account, status, isSuppressed, reason },
        ...(region === undefined ? {} : { region }),
      })),
  );
  return { at: results[0]?.timestamp ?? '', asked: [...asked].sort(), lines };
}

/** A resource that stands otherwise than before; undefined is green, or not there. */
export interface StatusChange {
  line: KeptLine;
  from: Status | undefined;
  to: Status | undefined;
}

const identityOf = ({ checkId, account, region = '', resource }: KeptLine): string => JSON.stringify([checkId, account, region, resource]);

/**
 * What changed, the worst first. Of a check that wasn't or could not be asked in one of the runs nothing is said, nor of resources that are excluded in both.
 */
export function changesBetween(before: KeptRun, after: KeptRun): StatusChange[] {
  const [old, fresh] = [linesByResource(before), linesByResource(after)];
  const known = [before, after].map(knownIn);
  const isKnown = (line: KeptLine) => known.every((isKnownIn) => isKnownIn(line));
  const changes = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key): StatusChange[] => {
    const line = (fresh.get(key) ?? old.get(key))!;
    const [from, to] = [statusOf(old.get(key)), statusOf(fresh.get(key))];
    return from === to || !isKnown(line) ? [] : [{ line, from, to }];
  });
  return changes.sort((left, right) => rankOf(left.to) - rankOf(right.to) || (identityOf(left.line) < identityOf(right.line) ? -1 : 1));
}

const rankOf = (status: Status | undefined): number => (status === undefined ? STATUSES.length : STATUSES.indexOf(status));

/** Excluded is as good as green. */
const statusOf = (line: KeptLine | undefined): Status | undefined => (line === undefined || line.isSuppressed ? undefined : line.status);

/** One resource may have several lines: the worst counts. */
function linesByResource({ lines }: KeptRun): Map<string, KeptLine> {
  const worst = new Map<string, KeptLine>();
  for (const line of lines) {
    const known = worst.get(identityOf(line));
    if (line.status !== 'not_available' && (known === undefined || rankOf(statusOf(line)) < rankOf(statusOf(known))))
      worst.set(identityOf(line), line);
  }
  return worst;
}

/**
 * Tells of a line whether its check was asked and answered where it lies. What is asked once for the account was so for every region that a resource
 * lies in, and is unknown there where that was refused.
 */
function knownIn({ asked, lines }: KeptRun): (line: KeptLine) => boolean {
  const places = new Set(asked);
  const refused = new Set(lines.filter(({ status }) => status === 'not_available').map(placeText));
  return (line) => {
    const own = [placeText(line), placeText({ ...line, region: 'global' })];
    return own.some((place) => places.has(place)) && !own.some((place) => refused.has(place));
  };
}
