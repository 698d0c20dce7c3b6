// The options of `trailbus run`: each row says what an option is called, what it is for, and what it changes in the run that is about to begin.
import { UsageError } from '../events/errors.ts';
import { inWords, MAX_INFLATED_BYTES } from '../events/filelimits.ts';
import { isSeverity, SEVERITIES } from '../events/finding.ts';
import { nearestOfFew } from '../events/pattern/index.ts';
import { AnswerWriter } from './answers.ts';
import type { Detecting, RunPlan } from './runplan.ts';
import { isBucketAddress, SourceListing } from './sources.ts';

interface RunOption<Value> {
  /** As commander takes it: `--emit <file>`. */
  flags: string;
  about: string;
  parse?: (text: string, before?: Value) => Value;
  /** Called before anything is changed. @throws UsageError */
  check?: (value: Value, plan: RunPlan) => void;
  plan: (value: Value, plan: RunPlan) => void | Promise<void>;
}

const option = <Value>(row: RunOption<Value>): RunOption<Value> => row;

/** In the order of the help, which is also the order they are planned in. */
export const RUN_OPTIONS = {
  emit: option<string>({
    flags: '--emit <file>',
    about: 'write every entry as one JSON line to a file, or to standard output with -',
    plan: async (file, plan) => {
      const { EntryWriter } = await import('../local/emit.ts');
      const writer = new EntryWriter(file);
      plan.detecting.isAside = true;
      // Entries on standard output push answers aside.
      if (file === '-') plan.answers = process.stderr;
      plan.listeners.push((entry) => writer.write(entry));
      plan.isOver = () => writer.closed;
      plan.flushes.push(() => writer.flush());
      plan.ends.push(() => writer.end());
    },
  }),
  rules: option<string[] | false>({
    flags: '--rules <path>',
    about: 'write what the rules in this file or folder match, by their patterns alone; may be given again',
    parse: (path, before) => [...(before || []), path],
    plan: async (sources, plan) => {
      plan.detecting.isOff = sources === false;
      plan.detecting.isAside = true;
      if (sources === false) return;
      const [{ rulesIn, ruleTexts }, { RuleListener }, { matchLines }, { warnOfUnresolved }, { warnOfPatternsAlone }] = await Promise.all([
        import('../local/rulefiles.ts'),
        import('../local/rules.ts'),
        import('./matches.ts'),
        import('./rules/match.ts'),
        import('./rules/asked.ts'),
      ]);
      const writer = new AnswerWriter(plan.answers);
      const texts = await ruleTexts(sources);
      warnOfPatternsAlone(texts);
      const loaded = rulesIn(texts);
      warnOfUnresolved(loaded.rules);
      const rules = new RuleListener(loaded, (matching, entry) => writer.write(() => matchLines(matching, entry, plan.json)));
      plan.listeners.push((entry) => rules.listen(entry));
      plan.ends.push(() => writer.flush());
      plan.matches = rules.counts;
    },
  }),
  /** Makes `rules` false. */
  noRules: option<never>({ flags: '--no-rules', about: 'ask no rules and no detections: only say what is there', plan: () => undefined }),
  detections: option<string[]>({
    flags: '--detections <path>',
    about: 'ask detections in this file or folder too; may be given again',
    parse: (path, before = []) => [...before, path],
    plan: (paths, { detecting }) => {
      Object.assign(detecting, { detections: paths, isAsked: true });
    },
  }),
  allRules: option<boolean>({
    flags: '--all-rules',
    about: 'ask every detection, those too that are off by themselves or in trailbus.yml',
    plan: (all, { detecting }) => {
      Object.assign(detecting, { all, isAsked: true });
    },
  }),
  severity: option<string>({
    flags: '--severity <floor>',
    about: 'tell findings of this severity and above: critical, high, medium, low, info',
    check: (text) => {
      if (isSeverity(text)) return;
      const meant = isSeverity(text.toLowerCase()) ? text.toLowerCase() : nearestOfFew(text, SEVERITIES);
      const help = meant === undefined ? `write one of ${SEVERITIES.join(', ')}` : `did you mean \`${meant}\`?`;
      throw new UsageError(`no severity is called \`${text}\``, { help });
    },
    plan: (floor, { detecting }) => {
      Object.assign(detecting, { floor, isAsked: true });
    },
  }),
  sort: option<boolean>({
    flags: '--sort',
    about: 'tell findings in order of time, once all is read',
    plan: (sort, { detecting }) => {
      Object.assign(detecting, { sort, isAsked: true });
    },
  }),
  state: option<string>({
    flags: '--state <file>',
    about: 'keep what detections remember in this file from one run to the next: what one has told, the next does not tell again',
    plan: (state, { detecting }) => {
      Object.assign(detecting, { state, isAsked: true });
    },
  }),
  config: option<string>({
    flags: '--config <file>',
    about: 'the configuration (default: trailbus.yml in this folder, if there is one)',
    plan: (config, { detecting }) => {
      Object.assign(detecting, { config, isAsked: true });
    },
  }),
  watch: option<boolean>({
    flags: '--watch',
    about: 'follow folders: new files are read as they come, until interrupted',
    check: (_, { listing }) => {
      const notFolder = listing.sources.find((source) => isBucketAddress(source) || source === '-');
      if (notFolder !== undefined)
        throw new UsageError(`\`--watch\` follows folders, not \`${notFolder}\``, {
          help: 'deploy the process function to follow a bucket',
        });
    },
    plan: (follow, plan) => {
      plan.follow = follow;
    },
  }),
  maxInflated: option<number>({
    flags: '--max-inflated <bytes>',
    about: `quarantine a file that inflates to more (default ${inWords(MAX_INFLATED_BYTES)})`,
    parse: Number,
    check: (bytes) => {
      if (!Number.isSafeInteger(bytes) || bytes <= 0)
        throw new UsageError('`--max-inflated` must be a whole number of bytes', {
          help: `write --max-inflated ${MAX_INFLATED_BYTES} for ${inWords(MAX_INFLATED_BYTES)}`,
        });
    },
    plan: (maxInflatedBytes, plan) => {
      plan.policy = { ...plan.policy, maxInflatedBytes };
    },
  }),
  exitZero: option<boolean>({
    flags: '--exit-zero',
    about: 'end with 0 though something was found',
    plan: (isExitZero, plan) => {
      plan.isExitZero = isExitZero;
    },
  }),
  json: option<boolean>({
    flags: '--json',
    about: 'one JSON object a line: findings, matches, quarantined files and records, then the summary',
    // Known from the beginning: other options ask for it.
    plan: () => undefined,
  }),
};

/** Detections are asked unless the run has another job and nothing is said of them. */
const isDetecting = ({ isAsked, isAside, isOff }: Detecting): boolean => !isOff && (isAsked || !isAside);

/** What asks for detections beside `--no-rules`, which asks for none. @throws UsageError */
function refuseContradiction({ rules, allRules, detections }: RunValues): void {
  const given = allRules ? '--all-rules' : detections === undefined ? undefined : '--detections';
  if (rules !== false || given === undefined) return;
  throw new UsageError(`\`--no-rules\` asks no detections, and \`${given}\` names some to ask`, { help: 'take one of them out' });
}

/** What was said on the command line. */
export type RunValues = { [Name in keyof typeof RUN_OPTIONS]?: Parameters<(typeof RUN_OPTIONS)[Name]['plan']>[0] };

/**
 * The run that these values ask for.
 * @throws UsageError, and what opening a file or reading rules throws
 */
export async function planRun(sources: readonly string[], values: RunValues): Promise<RunPlan> {
  const plan: RunPlan = {
    ...{
      listing: new SourceListing(sources, { isQuiet: values.json === true }),
      policy: {},
      listeners: [],
      answers: process.stdout,
      json: values.json === true,
      follow: false,
      isExitZero: false,
    },
    ...{ isOver: () => false, flushes: [], afterFiles: [], ends: [] },
    detecting: { detections: [], all: false, floor: 'info', sort: false, isAsked: false, isAside: false, isOff: false },
  };
  const given = Object.entries(RUN_OPTIONS).flatMap(([name, row]): [RunOption<unknown>, unknown][] => {
    const value = values[name as keyof RunValues];
    return value === undefined ? [] : [[row as RunOption<unknown>, value]];
  });
  refuseContradiction(values);
  for (const [row, value] of given) row.check?.(value, plan);
  for (const [row, value] of given) await row.plan(value, plan);
  if (isDetecting(plan.detecting)) await (await import('./detecting.ts')).addDetections(plan);
  return plan;
}
