// Sigma's correlation rules as windows.
import { sayRule, sayStep } from './conjunct.ts';
import type { DetectionAsks } from './detectiontext.ts';
import type { Expression } from './expression.ts';
import { type SigmaNote, Unsayable } from './notes.ts';
import type { CorrelationFields, SigmaDocument } from './sigmafile.ts';

/** A window, or several where a rule needs one for each order of its events. */
interface SaidCorrelation {
  all: DetectionAsks[];
  notes: SigmaNote[];
}

/** The rule that a correlation names. @throws Unsayable */
type FindRule = (name: string) => SigmaDocument;

/** Most rules of which every order is written out. */
const MAX_UNORDERED = 3;

/**
 * Says a correlation rule.
 * @throws Unsayable
 * @see https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md
 */
export function sayCorrelation(fields: CorrelationFields, find: FindRule): SaidCorrelation {
  const maker = MAKERS[fields.type];
  if (maker === undefined) throw new Unsayable(`correlations of the type \`${fields.type}\` are not counted by any window`);
  const notes: SigmaNote[] = [];
  return { all: maker({ fields, find, notes }, fields.rules.map(find)), notes };
}

type Maker = (asked: CorrelationAsked, rules: readonly SigmaDocument[]) => DetectionAsks[];

const MAKERS: Record<string, Maker | undefined> = {
  __proto__: null as never,
  event_count: (asked, rules) => [countedOf(asked, rules, (threshold) => ({ threshold }))],
  value_count: (asked, rules) => [countedOf(asked, rules, (least) => distinctOf(asked.fields, least))],
  temporal_ordered: (asked, rules) => [sequenceOf(asked, rules)],
  temporal: (asked, rules) => {
    if (rules.length > MAX_UNORDERED) throw new Unsayable(`more than ${MAX_UNORDERED} rules in any order: a sequence has an order`);
    asked.notes.push({ finds: 'more', words: 'each order of the events is a detection of its own, and may make a finding of its own' });
    return orders(rules).map((order) => sequenceOf(asked, order));
  },
};

const orders = <Item>(items: readonly Item[]): Item[][] =>
  items.length < 2 ? [[...items]] : items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));

function countedOf(
  { fields, notes }: CorrelationAsked,
  rules: readonly SigmaDocument[],
  counted: (least: number) => object,
): DetectionAsks {
  const said = sayRule({ kind: 'or', of: rules.map(asksOf) });
  notes.push(...said.notes);
  return { ...said, window: { ...counted(leastOf(fields, notes)), ...spanOf(fields, notes) } };
}

function asksOf({ fields, asks }: SigmaDocument): Expression {
  if (asks === undefined) throw new Unsayable(`\`${fields.title ?? fields.name}\` is a correlation too, and no window counts others`);
  return asks;
}

function distinctOf({ condition }: CorrelationFields, least: number): object {
  const [field, ...more] = condition?.field ?? [];
  if (field === undefined || more.length > 0)
    throw new Unsayable(field === undefined ? 'it names no field to count' : 'it counts several fields together');
  return least < 2 ? { threshold: 1 } : { distinct: field, atLeast: least };
}

/** Windows complete at a number; that there are no more can't be known while events come. */
function leastOf({ condition }: CorrelationFields, notes: SigmaNote[]): number {
  const { gte, gt, eq, lt, lte, neq } = (condition ?? {}) as Record<string, number | undefined>;
  const least = gte ?? (gt === undefined ? eq : Math.floor(gt) + 1);
  if (least === undefined || neq !== undefined) throw new Unsayable('a window completes at a number of events, not below one');
  if (eq !== undefined) notes.push({ finds: 'more', words: `${eq} or more, where the rule wants ${eq}` });
  const most = lte ?? lt;
  if (most !== undefined) notes.push({ finds: 'more', words: `more than ${most}, too` });
  return Math.max(1, Math.ceil(least));
}

const SECONDS: Record<string, number | undefined> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const WEEK_SECONDS = 604_800;

function secondsOfTimespan(timespan: string | undefined): number {
  const [, count, unit = ''] = /^(\d+)([smhdw])$/.exec(timespan ?? '') ?? [];
  if (count === undefined || Number(count) === 0) throw new Unsayable(`\`timespan\` must be such as 5m, got \`${timespan ?? 'nothing'}\``);
  return Number(count) * SECONDS[unit]!;
}

/** Of a week and more the period in which there is one finding must be named, and longer. */
function spanOf(fields: CorrelationFields, notes: SigmaNote[]): object {
  const seconds = secondsOfTimespan(fields.timespan);
  const by = fields['group-by'].map((name) => fieldOfAlias(name, fields));
  if (by.length === 0) notes.push({ finds: 'less', words: 'the events of each account are counted on their own' });
  const within = fields.timespan!.replace(/^(\d+)w$/, (_, weeks: string) => `${Number(weeks) * 7}d`);
  return {
    within,
    by: by.length === 0 ? 'account' : by.length === 1 ? by[0] : by,
    ...(seconds < WEEK_SECONDS ? {} : { dedup: `${Math.ceil((2 * seconds) / 86_400)}d` }),
  };
}

/** What all rules call the same; a window counts by the same field of every event. */
function fieldOfAlias(name: string, { aliases }: CorrelationFields): string {
  const alias = aliases === null || aliases === undefined || !Object.hasOwn(aliases, name) ? undefined : aliases[name];
  const fields = [...new Set(Object.values(alias ?? { name }))];
  if (fields.length > 1) throw new Unsayable(`\`${name}\` stands for different fields: a window counts by the same field of every event`);
  return fields[0]!;
}

/** A correlation being said. */
interface CorrelationAsked {
  fields: CorrelationFields;
  find: FindRule;
  notes: SigmaNote[];
}

function sequenceOf(asked: CorrelationAsked, rules: readonly SigmaDocument[]): DetectionAsks {
  const { fields, notes } = asked;
  if (rules.length < 2) throw new Unsayable('a sequence has at least two rules');
  const { gte = rules.length } = (fields.condition ?? {}) as { gte?: number };
  if (gte !== rules.length) throw new Unsayable(`${gte} of ${rules.length} rules: a sequence needs all of its steps`);
  const steps = rules.map((rule) => stepOf(rule, asked));
  return { window: { sequence: steps.map(({ step }) => step), ...spanOf(fields, notes) }, exclusions: exclusionsOf(steps, notes) };
}

/** Exclusions hold for a whole detection. */
function exclusionsOf(steps: readonly SaidStep[], notes: SigmaNote[]): object[][] {
  const byText = new Map(steps.flatMap(({ exclusions }) => exclusions.map((each) => [JSON.stringify(each), each])));
  const isOfAll = (text: string) => steps.every(({ exclusions }) => exclusions.some((each) => JSON.stringify(each) === text));
  if (![...byText.keys()].every(isOfAll)) notes.push({ finds: 'less', words: 'an exception of one step holds for all steps' });
  return [...byText.values()];
}

interface SaidStep {
  step: Step;
  exclusions: object[][];
}

interface Step {
  pattern: object;
  where?: object[];
  atLeast?: number;
}

function stepOf(rule: SigmaDocument, asked: CorrelationAsked): SaidStep {
  const { correlation } = rule.fields;
  return correlation === undefined ? saidStep(asksOf(rule), asked.notes) : countedStep(correlation, asked);
}

/** Without exclusions where that is exact. */
function saidStep(asks: Expression, notes: SigmaNote[]): SaidStep {
  const { patterns, where, exclusions, notes: more } = sayStep(asks);
  notes.push(...more);
  const step = { pattern: patterns.length === 1 ? patterns[0]! : patterns, ...(where.length === 0 ? {} : { where }) };
  return { step, exclusions };
}

/** So many events of a rule as one step: they are counted within the whole sequence, by its fields. */
function countedStep(inner: CorrelationFields, { fields: outer, find, notes }: CorrelationAsked): SaidStep {
  if (inner.type !== 'event_count') throw new Unsayable(`a step that is itself a correlation of the type \`${inner.type}\``);
  if (inner.timespan !== outer.timespan)
    notes.push({ finds: 'more', words: `a step’s events are counted within ${outer.timespan}, not ${inner.timespan}` });
  if (JSON.stringify(inner['group-by']) !== JSON.stringify(outer['group-by']))
    notes.push({ finds: 'less', words: `a step’s events are counted by ${outer['group-by'].join(', ')} too` });
  const { step, exclusions } = saidStep({ kind: 'or', of: inner.rules.map((name) => asksOf(find(name))) }, notes);
  return { step: { ...step, atLeast: leastOf(inner, notes) }, exclusions };
}
