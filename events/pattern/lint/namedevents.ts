// The event names that a rule asks for, with the services it asks them of.
import type { Leaf, Matcher } from '../ast.ts';
import { mayBeAboutRecords, servicesOf } from './about.ts';
import { hasEvent, isKnownService, servicesWith } from './known.ts';
import type { LintCheck, RawFinding } from './lintrule.ts';

/** One matcher of `detail.eventName`. */
export interface NamedEvent {
  matcher: Matcher;
  leaf: Leaf;
  /** Services the same branch asks for, all of them known; undefined where it may be any. */
  services: string[] | undefined;
}

/** A check of each event name by itself; a place is reported once, whatever the number of branches it is seen from. */
export const perEventName =
  (look: (named: NamedEvent) => RawFinding[]): LintCheck =>
  ({ branches }) =>
    oncePerPlace(
      branches.flatMap((branch) => {
        const leaf = branch.get('detail.eventName');
        if (leaf === undefined || !mayBeAboutRecords(branch)) return [];
        const services = servicesOf(branch);
        if (services !== undefined && !services.every(isKnownService)) return [];
        return leaf.matchers.flatMap((matcher) => look({ matcher, leaf, services }));
      }),
    );

/** The first finding of each place. */
export function oncePerPlace(findings: RawFinding[]): RawFinding[] {
  const seen = new Set<number>();
  return findings.filter(({ at }) => !seen.has(at) && seen.add(at));
}

/** Those of the services asked for that have an event of this name. */
export const holdersOf = (name: string, { services }: NamedEvent): string[] =>
  (services ?? servicesWith(name)).filter((service) => hasEvent(service, name));

/** Services as a reader knows them: `iam.amazonaws.com` or … */
export const listed = (services: readonly string[]): string => services.map((service) => `\`${service}.amazonaws.com\``).join(' or ');
