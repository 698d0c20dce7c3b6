// What `trailbus rules explain` does.
import pc from 'picocolors';
import { type DetectionExplanation, LoneDetection, type PlacedPattern } from '../../events/detect/index.ts';
import { UsageError } from '../../events/errors.ts';
import { type Explanation, explain, type LeafResult } from '../../events/pattern/explain/index.ts';
import { offsetAt, PatternError } from '../../events/pattern/index.ts';
import { inFile, placeOf, type Rule } from '../../events/rules/index.ts';
import { FileError } from '../../events/yamlfile.ts';
import { ExitCode } from '../exitcode.ts';
import { complain, jsonLine, printable } from '../terminal.ts';
import { type AskedRules, nameOfAsked, readAsked } from './asked.ts';
import { checkInputs, type EventOptions, entryIn, eventsOf, eventTextOf, type GivenEvent } from './events.ts';

export interface ExplainOptions extends EventOptions {
  json?: boolean;
  /** Only the rule of this name. */
  rule?: string;
  config?: string;
}

/** Explains rules and detections beside events. @returns `fine` when all match, `found` when some don't, `failed` when something is no rule or no event */
export async function explainRules(source: string, events: string[], options: ExplainOptions): Promise<ExitCode> {
  checkInputs(source, events);
  const loaded = await readAsked(source, options.config);
  const rules = chosen([...loaded.rules, ...loaded.detections], options.rule);
  let code: ExitCode = ExitCode.fine;
  let several = rules.length > 1;
  let first = true;
  for await (const given of eventsOf(events, options)) {
    for (const rule of rules) {
      if (!first) several = true;
      const title = several ? `${nameOfAsked(rule)}, ${given.place}: ` : '';
      const shown: Shown = { json: options.json ?? false, title, isFirst: first };
      code = worse(
        code,
        rule instanceof LoneDetection ? explainDetected(rule, given, loaded, shown) : explainOne(rule, given, loaded, shown),
      );
      first = false;
    }
  }
  if (first) throw new UsageError('no event to explain', { help: 'give the event in quotes, a file, or - for standard input' });
  return code;
}

const worse = (one: ExitCode, other: ExitCode): ExitCode => (one > other ? one : other);

function chosen<Asked extends Rule | LoneDetection>(rules: Asked[], name: string | undefined): Asked[] {
  const found = name === undefined ? rules : rules.filter((rule) => nameOfAsked(rule) === name);
  if (found.length > 0) return found;
  throw new UsageError(`no rule is named \`${name}\``, { help: `there are ${rules.map(nameOfAsked).join(', ')}` });
}

type Given = GivenEvent | { place: string; error: Error };

/** How an explanation is written. */
interface Shown {
  json: boolean;
  /** What the first line begins with, where there are several. */
  title: string;
  isFirst: boolean;
}

function explainOne(rule: Rule, given: Given, { files }: AskedRules, { json, title, isFirst }: Shown): ExitCode {
  const file = files.get(rule.source) ?? rule.pattern;
  try {
    if ('error' in given) throw given.error;
    const explanation = explain(rule.pattern, eventTextOf(given));
    if (json)
      process.stdout.write(jsonLine({ type: 'explanation', rule: rule.name, event: given.place, ...placed(explanation, rule, file) }));
    else process.stdout.write(`${isFirst ? '' : '\n'}${explanationText(explanation, title)}`);
    return explanation.matches ? ExitCode.fine : ExitCode.found;
  } catch (error) {
    if (error instanceof PatternError) refused(inFile(error, rule, file), rule, json, title);
    else complain(new Error(`${given.place}: ${(error as Error).message}`));
    return ExitCode.failed;
  }
}

function explainDetected(asked: LoneDetection, given: Given, { files }: AskedRules, { json, title, isFirst }: Shown): ExitCode {
  try {
    if ('error' in given) throw given.error;
    const explanation = asked.explain(entryIn(given));
    const object = () => detectionObject(explanation, asked, given.place, files);
    process.stdout.write(json ? jsonLine(object()) : `${isFirst ? '' : '\n'}${detectionText(explanation, asked, title)}`);
    return explanation.matches ? ExitCode.fine : ExitCode.found;
  } catch (error) {
    if (error instanceof FileError) throw error;
    complain(new Error(`${given.place}: ${(error as Error).message}`));
    return ExitCode.failed;
  }
}

/** As of a rule, and the detection's other parts. */
function detectionObject(
  explanation: DetectionExplanation,
  { detection, fromTests }: LoneDetection,
  event: string,
  files: AskedRules['files'],
) {
  const { pattern, leaves, parts, ...rest } = explanation;
  const file = files.get(detection.source);
  const placed = leaves.map((leaf) => (pattern === undefined ? leaf : { ...leaf, ...placeInFile(leaf, pattern, file) }));
  return {
    ...{ type: 'explanation', rule: detection.id, event, ...rest, leaves: placed, parts },
    ...(pattern === undefined ? {} : { pattern: pattern.path }),
    ...(fromTests.length === 0 ? {} : { listsOfTests: fromTests }),
  };
}

/** With values in the place of lists it is another text, and what comes with Trailbus has its file elsewhere: then it is where the pattern begins. */
const placeInFile = (leaf: LeafResult, { text, segments, place }: PlacedPattern, file: string | undefined) =>
  file === undefined || text.includes('"$') ? place : placeOf({ segments }, file, offsetAt(text, leaf));

function detectionText(
  { pattern, parts, severity, ...explanation }: DetectionExplanation,
  { detection, fromTests }: LoneDetection,
  title: string,
) {
  const several = detection.patterns.length + detection.steps.flatMap(({ patterns }) => patterns).length > 1;
  const which = several && pattern !== undefined ? [pc.dim(`of its patterns, ${pattern.path}:`)] : [];
  const wide = Math.max(0, ...parts.map(({ part }) => part.length));
  const rows = parts.map(({ part, holds, text }) => `${partMark(holds)} ${printable(part).padEnd(wide)}  ${printable(text)}`);
  const [head, ...leaves] = explanationText(explanation, title).trimEnd().split('\n');
  const ofTests = fromTests.map((name) => pc.dim(`$${printable(name)} has the values of its tests: no configuration gives it any`));
  const verdict = severity === undefined ? [] : [`severity: ${severity}`];
  return `${[head, ...which, ...leaves, ...rows, ...verdict, ...ofTests].join('\n')}\n`;
}

const partMark = (holds: boolean | undefined): string => (holds === undefined ? pc.dim('-') : holds ? pc.green('✓') : pc.red('✗'));

/** The explanation with the lines of the rule's file. */
const placed = (explanation: Explanation, rule: Rule, file: string): Explanation => ({
  ...explanation,
  leaves: explanation.leaves.map((leaf) => ({ ...leaf, ...placeOf(rule, file, offsetAt(rule.pattern, leaf)) })),
});

/** A pattern that EventBridge refuses matches nothing: that is the explanation, and it is an answer. */
function refused(error: PatternError, rule: Rule, json: boolean, title: string): void {
  const reason = error.reason.split('\n')[0]!;
  const help = error.help === undefined ? '' : `: ${error.help}`;
  const summary = `no match: the pattern is not valid, ${reason}${help}`;
  if (json) {
    const { line, column, path } = error;
    process.stdout.write(jsonLine({ type: 'refused', rule: rule.name, matches: false, summary, line, column, path }));
  } else
    process.stdout.write(
      `${pc.red('✗')} ${printable(title + summary)}\n  at ${printable(`${rule.source}:${error.line}:${error.column}`)}${error.path ? `, ${printable(error.path)}` : ''}\n`,
    );
}

const shortValue = (value: unknown) => {
  const text = JSON.stringify(value);
  return printable(text.length > 60 ? `${text.slice(0, 59)}…` : text);
};

function gotText({ got }: LeafResult): string {
  if (got.length === 0) return 'nothing';
  const shown = got.slice(0, 3).map(({ value }) => shortValue(value));
  return `${shown.join(', ')}${got.length > 3 ? ` and ${got.length - 3} more` : ''}`;
}

const mark = ({ holds, replaced }: LeafResult) => (replaced ? pc.dim('-') : holds ? pc.green('✓') : pc.red('✗'));

/** One line of reason, one for each leaf in columns, and what else keeps it from matching. */
function explanationText({ matches, summary, reasons, leaves }: Explanation, title = ''): string {
  const wide = Math.max(...leaves.map(({ path }) => path.length));
  const wanted = Math.min(Math.max(...leaves.map((leaf) => leaf.wanted.length)), 50);
  const rows = leaves.map((leaf) => {
    const want = printable(leaf.wanted).padEnd(wanted);
    const note = leaf.replaced ? pc.dim('  (a later field of this path counts)') : leaf.optional ? pc.dim('  (in $or)') : '';
    return `${mark(leaf)} ${printable(leaf.path).padEnd(wide)}  wanted ${want}  got ${gotText(leaf)}${note}`;
  });
  const also = reasons.slice(1).map(({ text }) => `${pc.dim('also:')} ${printable(text)}`);
  const head = `${matches ? pc.green('✓') : pc.red('✗')} ${printable(title + summary)}`;
  return `${[head, ...rows, ...also].join('\n')}\n`;
}
