// Detections as EventBridge rules, for those who want them native: one for each pattern, as far as patterns can say it.
import { type Feed, isSourceOf, SOURCE_PREFIX, serviceOf, sourceOn } from '../cloudtrail.ts';
import { type DeploymentExclusion, type Detection, isNamed, type Lists, valuedPattern } from '../detect/index.ts';
import type { Severity } from '../finding.ts';
import { compile, isTooComplex, leavesOf, MAX_PATTERN_LENGTH, PatternError, parsePattern, patternLength } from '../pattern/index.ts';
import { CannotSay, negated, type PatternLeaf, patternLeaves, withLeaf } from './negation.ts';

/** A rule that a detection became. */
export interface NativeRule {
  detection: string;
  /** As EventBridge takes it: the id, with a number where there are several. */
  name: string;
  severity: Severity;
  title: string;
  pattern: object;
}

export interface DetectionsAsRules {
  rules: NativeRule[];
  /** Detections that a rule can't say, and why. */
  unsaid: { id: string; why: string }[];
  /** What rules leave out that changes nothing in what they match. */
  notes: { id: string; words: string }[];
}

export interface AsRulesOptions {
  /** The bus that the rules are for: CloudTrail's own feed, or ours. */
  feed: Feed;
  lists: Lists;
  exclusions: readonly DeploymentExclusion[];
  /** `YYYY-MM-DD`: exclusions that ended before it are void. */
  today: string;
}

export function asRules(detections: readonly Detection[], options: AsRulesOptions): DetectionsAsRules {
  const said: DetectionsAsRules = { rules: [], unsaid: [], notes: [] };
  for (const detection of detections) {
    try {
      said.rules.push(...rulesOfDetection(detection, options));
      if (detection.raise.length > 0)
        said.notes.push({ id: detection.id, words: `always ${detection.severity}: what raises it can’t be said` });
    } catch (error) {
      if (!(error instanceof CannotSay)) throw error;
      said.unsaid.push({ id: detection.id, why: error.message });
    }
  }
  return said;
}

function rulesOfDetection(detection: Detection, options: AsRulesOptions): NativeRule[] {
  const { id, severity, title, patterns } = detection;
  refuseConditions(detection);
  const excluded = exclusionsOf(detection, options);
  const all = patterns.map(({ text }) => patternFor(valued(text, options.lists), detection, excluded, options.feed));
  return all.map((pattern, at) => ({
    ...{ detection: id, severity, title, pattern },
    name: all.length === 1 ? id.slice(0, 64) : `${id.slice(0, 60)}-${at + 1}`,
  }));
}

function refuseConditions({ window, where, dryRun }: Detection): void {
  if (dryRun) throw new CannotSay('it is on trial, and tells nobody');
  if (window !== undefined) throw new CannotSay('`window`: a rule sees one event at a time');
  if (where.length > 0) throw new CannotSay(`\`where\`: a pattern can’t say \`${Object.keys(where[0]!)[0]}\``);
}

/** A pattern with the lists' values. @throws CannotSay where a list has none */
function valued(text: string, lists: Lists): object {
  return valuedPattern(text, lists, (name, why) => {
    throw new CannotSay(`\`$${name}\` ${why ?? 'has no values'}`);
  });
}

/** Patterns of which none may match: the detection's own, and the deployment's. One whose list has no values excludes nothing. */
function exclusionsOf({ id, exclusions }: Detection, { exclusions: deployed, lists, today }: AsRulesOptions): object[] {
  const holds = ({ until }: { until?: string }) => until === undefined || until >= today;
  const own = exclusions.filter(holds).flatMap(({ patterns }) => patterns.map(({ text }) => text));
  const others = deployed.filter((each) => holds(each) && (each.rules?.some((rule) => isNamed(rule, id)) ?? true));
  if (others.some(({ accounts }) => accounts !== undefined)) throw new CannotSay('an exclusion of trailbus.yml is for some accounts alone');
  return [...own, ...others.flatMap(({ patterns }) => patterns.map((each) => JSON.stringify(each)))].flatMap((text) => {
    let isVoid = false;
    const pattern = valuedPattern(text, lists, () => {
      isVoid = true;
    });
    return isVoid ? [] : [pattern];
  });
}

function patternFor(base: object, { success }: Detection, excluded: readonly object[], feed: Feed): object {
  let pattern = withExclusions(base, excluded);
  if (success)
    for (const field of ['errorCode', 'errorMessage']) pattern = withLeaf(pattern, `detail.${field}`, [{ exists: false }], '`success`');
  return checked(withSource(pattern, feed));
}

/** Exclusions of one field each are joined field by field; one of several fields becomes the arms of `$or`. */
function withExclusions(base: object, excluded: readonly object[]): object {
  const byPath = new Map<string, unknown[]>();
  const several: PatternLeaf[][] = [];
  for (const exclusion of excluded) {
    const leaves = patternLeaves(exclusion);
    if (JSON.stringify(exclusion).includes('"$or"')) throw new CannotSay('an exclusion with `$or`');
    if (leaves.length === 1) byPath.set(leaves[0]!.path, [...(byPath.get(leaves[0]!.path) ?? []), ...leaves[0]!.matchers]);
    else several.push(leaves);
  }
  let pattern = base;
  for (const [path, matchers] of byPath) pattern = withoutValues(pattern, { path, matchers });
  return several.length === 0 ? pattern : withArms(pattern, several);
}

function withoutValues(pattern: object, leaf: PatternLeaf): object {
  const asked = patternLeaves(pattern).filter(({ path }) => path === leaf.path);
  // Where the pattern names values of the field, and none of them is excluded, the exclusion says nothing.
  if (asked.length > 0 && asked.every(({ matchers }) => matchers.every((value) => typeof value === 'string' && !matchesValue(leaf, value))))
    return pattern;
  return withLeaf(pattern, leaf.path, negated(leaf), 'an exclusion');
}

const matchesValue = ({ matchers }: PatternLeaf, value: string): boolean =>
  compile([{ name: 'exclusion', pattern: { value: matchers } }]).match({ value }).length > 0;

function withArms(pattern: object, several: readonly PatternLeaf[][]): object {
  const { detail } = pattern as { detail?: Record<string, unknown> };
  if (several.length > 1) throw new CannotSay('several exclusions of several fields each');
  if (detail?.['$or'] !== undefined) throw new CannotSay('an exclusion of several fields, beside `$or`');
  const asked = new Set(patternLeaves(pattern).map(({ path }) => path));
  const arms = several[0]!.map((leaf) => {
    if (asked.has(leaf.path)) throw new CannotSay(`an exclusion asks of \`${leaf.path}\`, as the pattern does`);
    return (withLeaf({}, leaf.path, negated(leaf), 'an exclusion') as { detail: object }).detail;
  });
  return { ...pattern, detail: { ...detail, $or: arms } };
}

/** EventBridge looks at `source` first; and other events may have the record's fields too. */
function withSource(pattern: object, feed: Feed): object {
  const { source, detail, ...rest } = pattern as { source?: unknown[]; detail?: Record<string, unknown> };
  if (source !== undefined) return { source: sourcesOn(source, feed), ...rest, ...(detail && { detail }) };
  const services = eventSources(detail).map(serviceOf);
  const known = services.length > 0 && services.every((service) => service !== undefined);
  return {
    source: known ? [...new Set(services)].map((service) => `${SOURCE_PREFIX[feed]}.${service}`) : [{ prefix: `${SOURCE_PREFIX[feed]}.` }],
    ...(feed === 'native' && !('detail-type' in rest) && { 'detail-type': [{ suffix: ' via CloudTrail' }] }),
    ...rest,
    ...(detail && { detail }),
  };
}

/** Values of `eventSource` where the pattern names them. */
function eventSources(detail: Record<string, unknown> = {}): string[] {
  const { eventSource } = detail;
  return Array.isArray(eventSource) && eventSource.every((value) => typeof value === 'string') ? eventSource : [];
}

const sourcesOn = (sources: readonly unknown[], feed: Feed): unknown[] =>
  sources.map((source) => {
    if (typeof source === 'string') return isSourceOf('trailbus', source) ? sourceOn(feed, source) : source;
    const prefix = (source as { prefix?: unknown }).prefix;
    if (typeof prefix === 'string') return { prefix: isSourceOf('trailbus', prefix) ? sourceOn(feed, prefix) : prefix };
    throw new CannotSay('`source` is asked in a way that can’t be told of another bus');
  });

/** @throws CannotSay for a pattern that EventBridge would refuse */
function checked(pattern: object): object {
  const text = JSON.stringify(pattern);
  const length = patternLength(text);
  if (length > MAX_PATTERN_LENGTH)
    throw new CannotSay(`its pattern would have ${length} characters, and EventBridge takes ${MAX_PATTERN_LENGTH}`);
  try {
    compile([{ name: 'rule', pattern: text }]);
    if ([...leavesOf(parsePattern(text, 'rule').root)].some(isTooComplex)) throw new CannotSay('its wildcards would be too complex');
  } catch (error) {
    throw error instanceof PatternError ? new CannotSay(error.reason) : error;
  }
  return pattern;
}
