// What makes most of a detection's hits, as an exclusion to be pasted.
import type { LogRecord } from '../../events/logfile/logfile.ts';
import { quotedPrintable } from '../terminal.ts';
import { BoundedCounts } from './boundedcounts.ts';

/** What makes hits and can be excluded; in the order in which it says most, of two that come together. */
const CAUSES = {
  service: { what: 'the service', patternOf: (name: string) => ({ userIdentity: { invokedBy: [name] } }) },
  role: { what: 'the role', patternOf: (name: string) => ({ userIdentity: { arn: [{ prefix: `${name}/` }] } }) },
  caller: { what: 'the caller', patternOf: (name: string) => ({ userIdentity: { arn: [name] } }) },
  address: { what: 'the address', patternOf: (name: string) => ({ sourceIPAddress: [name] }) },
};
type Cause = keyof typeof CAUSES;
const KINDS = Object.keys(CAUSES) as Cause[];

/** An exclusion that is proposed. */
export interface SuggestedExclusion {
  what: string;
  pattern: object;
  /** So many of the hits it would take away, and so many it would leave. */
  removes: number;
  leaves: number;
}

/** Fewer hits than that are no noise. */
const FEWEST = 10;
/** The part of the hits that one cause must make. */
const MOST_OF = 0.5;

/** What the hits of one detection have in common. */
export class Noise {
  private hits = 0;
  private readonly names: Record<Cause, BoundedCounts> = {
    ...{ service: new BoundedCounts(), role: new BoundedCounts(), caller: new BoundedCounts(), address: new BoundedCounts() },
  };

  add(record: LogRecord): void {
    this.hits++;
    const caller = callerOf(record);
    if (caller !== undefined) this.names[caller.kind].add(caller.name);
    const address = record.field('sourceIPAddress');
    if (address !== undefined) this.names.address.add(address);
  }

  /** The cause of most hits; none where there are few hits, or many causes. */
  suggestion(): SuggestedExclusion | undefined {
    const tops = KINDS.flatMap((kind) => this.names[kind].top(1).map((top) => ({ kind, ...top })));
    const [first, ...others] = tops;
    if (first === undefined || this.hits < FEWEST) return undefined;
    const { kind, name, count } = others.reduce((best, each) => (each.count > best.count ? each : best), first);
    if (count < this.hits * MOST_OF) return undefined;
    const { what, patternOf } = CAUSES[kind];
    return { what: `${what} ${name}`, pattern: { detail: patternOf(name) }, removes: count, leaves: this.hits - count };
  }
}

/** Who an exclusion could name: the service that calls for others, a role whatever the session, a user. Root is nobody to be excluded. */
function callerOf(record: LogRecord): { kind: Cause; name: string } | undefined {
  if (record.field('userIdentity.type') === 'Root') return undefined;
  const service = record.field('userIdentity.invokedBy');
  if (service !== undefined) return { kind: 'service', name: service };
  const arn = record.field('userIdentity.arn');
  if (arn === undefined) return undefined;
  const [, role] = /^(arn:[^:]*:sts::\d*:assumed-role\/[^/]+)\/./.exec(arn) ?? [];
  return role === undefined ? { kind: 'caller', name: arn } : { kind: 'role', name: role };
}

/** A value in YAML's flow style, in which JSON is at home. */
const yamlValue = (value: unknown): string => quotedPrintable(JSON.stringify(value));

/** For `exclusions:` of trailbus.yml. Whoever pastes it puts their own reason and name. */
export const exclusionYaml = (rule: string, { pattern, removes, leaves }: SuggestedExclusion): string =>
  [
    `- rules: [${yamlValue(rule)}]`,
    `  pattern: ${yamlValue(pattern)}`,
    `  reason: ${yamlValue(`made ${removes} of ${removes + leaves} hits in a backtest`)}`,
    '  owner: TBD',
  ].join('\n');
