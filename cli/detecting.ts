// Detections in a run: which are asked, what they find, and how it is told.

import type { FindingState } from '../events/detect/doors.ts';
import {
  type ChosenDetections,
  chooseDetections,
  compileDetections,
  type Detection,
  dayOf,
  type Evaluator,
  FindingMaker,
  type Hit,
  secondsOf,
} from '../events/detect/index.ts';
import { UsageError } from '../events/errors.ts';
import { type Finding, isAtLeast } from '../events/finding.ts';
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
  const { config: path, detections, all, state: file } = plan.detecting;
  const config = loadConfig(path);
  const { on, off } = chosenDetections(config, detections, all);
  const evaluator = evaluatorOf(on, config, plan.sources);
  const state = file === undefined ? new MemoryFindingState() : FileFindingState.open(file);
  const maker = makerOf(on, config, state);
  const findings = new Map<string, Finding>();
  const telling = new Telling(plan);
  let hits: Hit[] = [];

  plan.found = { findings, off, lacking: evaluator.off };
  plan.listeners.push((entry) => {
    for (const hit of evaluator.ask(entry)) hits.push(hit);
  });
  plan.afterFiles.push(async () => {
    if (hits.length === 0) return;
    const taken = await maker.take(hits, async (told) => telling.asTheyCome(told));
    hits = [];
    for (const finding of [...taken.standing(), ...taken.dryRun]) if (telling.isShown(finding)) findings.set(finding.id, finding);
  });
  plan.ends.push(() => {
    telling.atTheEnd([...findings.values()]);
    if (state instanceof FileFindingState) state.save();
  });
}

const evaluatorOf = (on: readonly Detection[], config: LoadedConfig, sources: readonly string[]): Evaluator =>
  compileDetections(on, {
    lists: listsOf(config, sources),
    exclusions: (config.fields.exclusions ?? []).map(({ pattern, until, ...rest }) => ({
      ...rest,
      patterns: [pattern].flat(),
      ...(until === undefined ? {} : { until }),
    })),
    today: dayOf(new Date()),
  });

const makerOf = (on: readonly Detection[], { fields: { learn, storm } }: LoadedConfig, state: FindingState): FindingMaker =>
  new FindingMaker(on, state, {
    ...(learn === undefined ? {} : { learnSeconds: secondsOf(learn) }),
    ...(storm === undefined ? {} : { stormLimit: storm }),
  });

/** Tells findings as they come, or in order of time at the end: as objects always so, each as it stands then. */
class Telling {
  private readonly plan: RunPlan;
  private readonly writer: AnswerWriter;
  private readonly waits: boolean;

  constructor(plan: RunPlan) {
    this.plan = plan;
    this.writer = new AnswerWriter(plan.answers);
    this.waits = plan.json || plan.detecting.sort;
  }

  isShown({ severity }: Finding): boolean {
    return isAtLeast(severity, this.plan.detecting.floor);
  }

  asTheyCome(findings: readonly Finding[]): void {
    if (this.waits) return;
    for (const finding of findings) if (this.isShown(finding)) this.writer.write(() => findingLine(finding));
  }

  atTheEnd(findings: Finding[]): void {
    const { json } = this.plan;
    if (this.waits)
      for (const finding of findings.sort(byTime))
        this.writer.write(() => (json ? `${JSON.stringify(findingObject(finding))}\n` : findingLine(finding)));
    this.writer.flush();
  }
}

const byTime = (left: Finding, right: Finding): number =>
  (left.firstTime ?? '').localeCompare(right.firstTime ?? '') || left.rule.localeCompare(right.rule) || left.id.localeCompare(right.id);

/**
 * The detections that a configuration turns on, those it leaves off, and all there are.
 * @param paths  detection files and folders that the command line adds
 * @param all  turn on those too that are off by themselves
 * @throws UsageError, FileError
 */
export function chosenDetections(
  { fields, lists, pathOf, source }: LoadedConfig,
  paths: readonly string[],
  all: boolean,
): ChosenDetections {
  const { pack: usesPack = true, files = [], ...choice } = fields.detections ?? {};
  const own = detectionsIn([...files.map(pathOf), ...paths], [...lists.keys()]);
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
