// One detection, compiled: what it asks of a record once its pattern has matched.
import { type BusIdentity, type Entry, envelopeOf } from '../entry.ts';
import type { Severity } from '../finding.ts';
import { compile, PatternError, type Rules } from '../pattern/index.ts';
import type { FileFault } from '../yamlfile.ts';
import type { Condition, WindowFields } from './detection.ts';
import type { Detection } from './detectionfile.ts';
import { isNamed } from './detectionid.ts';
import { secondsOf } from './duration.ts';
import type { Hit } from './hit.ts';
import { type Lists, type OnMissing, withLists } from './lists.ts';
import { compileMarks, type MarksOf } from './marks.ts';
import type { PlacedPattern } from './patternsinfile.ts';
import { compileTitle, type Title } from './title.ts';
import { compileWhere, type Question } from './where.ts';

/** An exclusion of the deployment: for all detections or some, in all accounts or some. */
export interface DeploymentExclusion {
  /** Of which any may match. */
  patterns: object[];
  /** Ids of detections, with `*` at the end for all that begin so; every detection where none are named. */
  rules?: readonly string[];
  accounts?: readonly string[];
  /** `YYYY-MM-DD`: the last day it holds. */
  until?: string;
}

export interface EvaluatorOptions {
  lists: Lists;
  exclusions?: readonly DeploymentExclusion[];
  bus?: BusIdentity;
  /** `YYYY-MM-DD`: exclusions that ended before it are void. */
  today: string;
  /** Told of what would be a hit, were it not for an exclusion: the first of those that hold. */
  excluded?: (hit: Hit, by: ExcludedBy) => void;
}

/** An exclusion: which one of the detection's own, or of the deployment's. */
export interface ExcludedBy {
  of: 'detection' | 'deployment';
  at: number;
}

/** What a record may be for a detection: its event, or one step of its sequence. */
export interface CompiledCandidate {
  of: CompiledDetection;
  step: number | undefined;
  where: Question;
}

export interface CompiledDetection {
  detection: Detection;
  title: Title;
  /** Of its window; undefined for one that needs no other event. */
  marks: MarksOf | undefined;
  /** Whether only the first event with a value counts, for it and all its raises. */
  isFirstOnly: boolean;
  raises: CompiledRaise[];
  exclusions: CompiledExclusion[];
  /** Names of its raises and exclusions whose patterns an entry matches. */
  matching: (entry: Entry) => readonly string[];
}

export interface CompiledExclusion {
  /** Its name among the patterns. */
  pattern: string;
  /** Undefined for all accounts. */
  accounts: ReadonlySet<string> | undefined;
  by: ExcludedBy;
}

export interface CompiledRaise {
  to: Severity;
  /** Its name among the patterns; undefined where it has none. */
  pattern: string | undefined;
  where: Question;
  /** Of its window, which raises when it completes; undefined for one that raises at once. */
  marks: MarksOf | undefined;
}

/** Why a detection can't be asked: lists without values, in patterns and conditions that must be asked. */
export function whyOff({ patterns, where, steps }: Detection, lists: Lists): string | undefined {
  const missing = new Map<string, string>();
  const note: OnMissing = (name, why) => missing.set(name, `\`$${name}\` ${why ?? 'has no values'}`);
  for (const { text } of [...patterns, ...steps.flatMap((step) => step.patterns)]) valued(text, lists, note);
  for (const conditions of [where, ...steps.map((step) => step.where)]) compileWhere(conditions, lists, note);
  return missing.size === 0 ? undefined : [...missing.values()].join(', ');
}

/** A pattern with the lists' values in it, as an object. */
export const valuedPattern = (text: string, lists: Lists, missing: OnMissing): object =>
  withLists(JSON.parse(text), lists, missing) as object;

/** Without lists it stays the text of its file, spelling and all. */
const valued = (text: string, lists: Lists, missing: OnMissing): string | object =>
  text.includes('"$') ? valuedPattern(text, lists, missing) : text;

/** Compiles one detection after the other, and keeps what is wrong with their patterns once values stand in them. */
export class DetectionCompiler {
  readonly faults: FileFault[] = [];
  private readonly options: EvaluatorOptions;
  /** Patterns that every record is asked. */
  private readonly first: Rules;

  constructor(options: EvaluatorOptions, first: Rules) {
    this.options = options;
    this.first = first;
  }

  /** @returns what a record may be for it, by the name that its patterns have among the first */
  compile(detection: Detection): Map<string, CompiledCandidate> {
    const { id, patterns, where, steps } = detection;
    const of = this.compiled(detection);
    const candidates = new Map<string, CompiledCandidate>();
    const add = (name: string, step: number | undefined, placed: readonly PlacedPattern[], conditions: readonly Condition[]) => {
      this.added(this.first, name, placed, detection);
      candidates.set(name, { of, step, where: compileWhere(conditions, this.options.lists, ignore) });
    };
    if (steps.length === 0) add(id, undefined, patterns, where);
    for (const [at, step] of steps.entries()) add(`${id} ${at}`, at, step.patterns, [...where, ...step.where]);
    return candidates;
  }

  private compiled(detection: Detection): CompiledDetection {
    const { title, window } = detection;
    // Of its own, not all in one: a record that one detection wants needn't be asked what others would raise or exclude.
    const rules = compile([]);
    const raises = detection.raise.flatMap((_, at) => this.raiseOf(detection, at, rules));
    const exclusions = [...this.exclusionsOf(detection, rules), ...this.deployedFor(detection.id, rules)];
    return {
      ...{ detection, title: compileTitle(title), raises, exclusions },
      marks: window === undefined ? undefined : compileMarks('main', window),
      isFirstOnly: window !== undefined && remembersLong(window) && raises.every((raise) => raise.marks === undefined),
      matching: rules.size.rules === 0 ? () => NONE : (entry) => matching(rules, entry, this.options.bus),
    };
  }

  /** A raise whose list has no values never raises. */
  private raiseOf(detection: Detection, at: number, rules: Rules): CompiledRaise[] {
    const { to, patterns, where, window } = detection.raise[at]!;
    const name = `raise ${at}`;
    let isVoid = patterns.length > 0 && !this.added(rules, name, patterns, detection);
    const question = compileWhere(where, this.options.lists, () => {
      isVoid = true;
    });
    const marks = window === undefined ? undefined : compileMarks(`raise.${at}`, window);
    return isVoid ? [] : [{ to, pattern: patterns.length === 0 ? undefined : name, where: question, marks }];
  }

  /** Those that still hold; one whose list has no values excludes nothing. */
  private exclusionsOf(detection: Detection, rules: Rules): CompiledExclusion[] {
    return detection.exclusions.flatMap((exclusion, at) => {
      const pattern = `exclusion ${at}`;
      const holds = this.holds(exclusion) && this.added(rules, pattern, exclusion.patterns, detection);
      return holds ? [{ pattern, accounts: undefined, by: { of: 'detection', at } }] : [];
    });
  }

  /** Adds patterns under a name. @returns whether one is left: a pattern whose list has no values matches nothing */
  private added(rules: Rules, name: string, placed: readonly PlacedPattern[], { source }: Detection): boolean {
    return (
      placed.filter(({ text, place, path }) => {
        try {
          return addValued(rules, name, (missing) => valued(text, this.options.lists, missing));
        } catch (error) {
          if (!(error instanceof PatternError)) throw error;
          this.faults.push({ source, ...place, path, message: `${error.message} (with the values of its lists)` });
          return false;
        }
      }).length > 0
    );
  }

  private deployedFor(id: string, rules: Rules): CompiledExclusion[] {
    return (this.options.exclusions ?? []).flatMap((exclusion, at) => {
      const isOf = exclusion.rules === undefined || exclusion.rules.some((rule) => isNamed(rule, id));
      if (!isOf || !this.holds(exclusion)) return [];
      const pattern = `deployment exclusion ${at}`;
      const added = exclusion.patterns.filter((each) =>
        addValued(rules, pattern, (missing) => withLists(each, this.options.lists, missing) as object),
      );
      const accounts = exclusion.accounts === undefined ? undefined : new Set(exclusion.accounts);
      return added.length === 0 ? [] : [{ pattern, accounts, by: { of: 'deployment', at } }];
    });
  }

  private holds({ until }: { until?: string }): boolean {
    return until === undefined || until >= this.options.today;
  }
}

/** Long enough that it makes no difference which event of an hour renews a value: it is renewed by a twentieth of that time anyway. */
const remembersLong = (window: WindowFields): boolean =>
  'firstSeen' in window && (window.remember === undefined || secondsOf(window.remember) >= 20 * 3600);

const NONE: readonly string[] = [];
const ignore = () => undefined;

/** @returns whether it was added: not where a list has no values. @throws PatternError */
function addValued(rules: Rules, name: string, patternOf: (missing: OnMissing) => string | object): boolean {
  let isVoid = false;
  const pattern = patternOf(() => {
    isVoid = true;
  });
  if (!isVoid) rules.add({ name, pattern });
  return !isVoid;
}

/** Names of the rules an entry matches: from a glance at it, where that tells. */
export const matching = (rules: Rules, entry: Entry, bus: BusIdentity | undefined): readonly string[] =>
  rules.glance(entry) ?? rules.matchEntry(envelopeOf(entry, bus), entry.record.bytes);
