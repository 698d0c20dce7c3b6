// Detections in a run: which are asked, what they find, and how it is told.
import {
  type ChosenDetections,
  chooseDetections,
  compileDetections,
  dayOf,
  FindingMaker,
  type Hit,
  secondsOf,
} from '../events/detect/index.ts';
import { UsageError } from '../events/errors.ts';
import { type Finding, isAtLeast, SEVERITIES, type Severity } from '../events/finding.ts';
import { classifyKey } from '../events/objectkey.ts';
import { type LoadedConfig, loadConfig } from '../local/configfile.ts';
import { detectionsIn, packDetections } from '../local/detectionfiles.ts';
import { FileFindingState, MemoryFindingState } from '../local/findingstate.ts';
import { listFiles } from '../local/objects.ts';
import { AnswerWriter } from './answers.ts';
import { findingLine, findingObject } from './findings.ts';
import type { RunPlan } from './runplan.ts';
import { isBucketAddress } from './sources.ts';

/**
 * Adds the detections to a run: each record is asked as it passes, findings are made after each file.
 * @throws UsageError, FileError for what is wrong in the configuration or a detection
 */
export async function addDetections(plan: RunPlan): Promise<void> {
  const values = plan.detecting;
  const config = loadConfig(values.config);
  const { on, off } = chosenDetections(config, values.detections, values.all);
  const evaluator = compileDetections(on, {
    lists: listsOf(config, plan.sources),
    exclusions: (config.fields.exclusions ?? []).map(({ pattern, until, ...rest }) => ({
      ...rest,
      patterns: [pattern].flat(),
      ...(until === undefined ? {} : { until }),
    })),
    today: dayOf(new Date()),
  });
  const state = values.state === undefined ? new MemoryFindingState() : FileFindingState.open(values.state);
  const maker = new FindingMaker(on, state, {
    ...(config.fields.learn === undefined ? {} : { learnSeconds: secondsOf(config.fields.learn) }),
    ...(config.fields.storm === undefined ? {} : { stormLimit: config.fields.storm }),
  });
  const found = new Map<string, Finding>();
  const writer = new AnswerWriter(plan.answers);
  const isShown = (finding: Finding) => isAtLeast(finding.severity, values.floor);
  const tellsAsTheyCome = !plan.json && !values.sort;
  let hits: Hit[] = [];

  plan.found = { findings: found, off: [...off, ...evaluator.off] };
  plan.listeners.push((entry) => {
    for (const hit of evaluator.ask(entry)) hits.push(hit);
  });
  plan.afterFiles.push(async () => {
    if (hits.length === 0) return;
    const taken = await maker.take(hits, async (findings) => {
      if (tellsAsTheyCome) for (const finding of findings.filter(isShown)) writer.write(() => findingLine(finding));
    });
    hits = [];
    for (const finding of [...taken.standing(), ...taken.dryRun]) if (isShown(finding)) found.set(finding.id, finding);
  });
  plan.ends.push(() => {
    if (!tellsAsTheyCome)
      for (const finding of [...found.values()].sort(byTime))
        writer.write(() => (plan.json ? `${JSON.stringify(findingObject(finding))}\n` : findingLine(finding)));
    writer.flush();
    if (state instanceof FileFindingState) state.save();
  });
}

const byTime = (left: Finding, right: Finding): number =>
  (left.firstTime ?? '').localeCompare(right.firstTime ?? '') || left.rule.localeCompare(right.rule) || left.id.localeCompare(right.id);

/**
 * The detections that a configuration turns on, those it leaves off, and all there are.
 * @param paths  detection files and folders that the command line adds
 * @param all  turn on those too that are off by themselves
 * @throws UsageError, FileError
 */
export function chosenDetections({ fields, pathOf, source }: LoadedConfig, paths: readonly string[], all: boolean): ChosenDetections {
  const { pack: usesPack = true, files = [], ...choice } = fields.detections ?? {};
  const own = detectionsIn([...files.map(pathOf), ...paths]);
  const pack = usesPack ? packDetections() : [];
  const chosen = chooseDetections(pack, own, choice, all);
  const [unknown] = chosen.unknown;
  if (unknown !== undefined)
    throw new UsageError(`no detection is called \`${unknown.name}\``, {
      source,
      path: 'detections',
      help: unknown.meant === undefined ? 'see `trailbus rules list`' : `did you mean \`${unknown.meant}\`?`,
    });
  return chosen;
}

/** The lists of the configuration; where it names no accounts, those whose files are read. */
function listsOf({ lists }: LoadedConfig, sources: readonly string[]): Map<string, readonly string[]> {
  if ((lists.get('accounts') ?? []).length > 0) return lists;
  return new Map([...lists, ['accounts', [...accountsIn(sources)]]]);
}

function accountsIn(sources: readonly string[]): Set<string> {
  const keys = sources
    .filter((source) => !isBucketAddress(source) && source !== '-')
    .flatMap((source) => listFiles(source).map(({ ref }) => ref.key));
  return new Set(keys.flatMap((key) => classifyKey(key).account ?? /(?:^|\/)(\d{12})_CloudTrail[_-]/.exec(key)?.[1] ?? []));
}

/** @throws UsageError */
export function severityOf(text: string): Severity {
  const severity = SEVERITIES.find((each) => each === text);
  if (severity === undefined) throw new UsageError(`no severity is called \`${text}\``, { help: `write one of ${SEVERITIES.join(', ')}` });
  return severity;
}
