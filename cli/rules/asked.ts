// What `rules explain` and `rules match` are to ask: rules of every form, and detections that say more than a pattern does.
import { statSync } from 'node:fs';
import {
  chooseDetections,
  type Detection,
  dayOf,
  isNamed,
  LIST_NAMES,
  LoneDetection,
  moreThanPattern,
  readDetections,
} from '../../events/detect/index.ts';
import { UsageError } from '../../events/errors.ts';
import { nearest } from '../../events/pattern/index.ts';
import type { Rule } from '../../events/rules/index.ts';
import { type LoadedConfig, loadConfig } from '../../local/configfile.ts';
import { chosenDetections, inForce } from '../../local/inforce.ts';
import { type RuleFiles, rulesIn, ruleTexts } from '../../local/rulefiles.ts';
import { complain } from '../terminal.ts';

/** Rules and detections, with the text of each file by its name. */
export interface AskedRules extends RuleFiles {
  detections: LoneDetection[];
}

/**
 * The rules and detections of a source: a file, a folder, `-`, a pattern or detection itself; or, where no file is called so, the id of a detection.
 * The configuration is read only where a detection is among them.
 * @throws UsageError, RuleError, FileError
 */
export async function readAsked(source: string, configPath: string | undefined): Promise<AskedRules> {
  const load = once(() => loadConfig(configPath));
  if (isId(source)) return { rules: [], files: new Map(), detections: lone(detectionsCalled(source, load()), load()) };
  const files = await ruleTexts([source]);
  const ofDetections = [...files].filter(([, text]) => isWholeDetection(text, load));
  const detections = ofDetections.flatMap(([name, text]) => readDetections(text, name, [...load().lists.keys()]));
  const names = new Set(ofDetections.map(([name]) => name));
  const { rules } = rulesIn(new Map([...files].filter(([name]) => !names.has(name))));
  return { rules, files, detections: detections.length === 0 ? [] : lone(asConfigured(detections, load()), load()) };
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Whether a pattern alone would say too much of what is in a file. */
function isWholeDetection(text: string, load: () => LoadedConfig): boolean {
  const { says, lists, isSequence } = moreThanPattern(text);
  if (says.length > 0 || isSequence) return true;
  return lists.length > 0 && lists.some((name) => LIST_NAMES.some((known) => known === name) || load().lists.has(name));
}

const isId = (source: string): boolean =>
  source !== '-' && /^[\w.-]+\*?$/.test(source) && statSync(source, { throwIfNoEntry: false }) === undefined;

/** Those that come with Trailbus or that the configuration names, on or off, as it changes them. */
function detectionsCalled(name: string, config: LoadedConfig): Detection[] {
  const { on } = chosenDetections(config, [], true);
  const found = on.filter(({ id }) => isNamed(name, id));
  if (found.length > 0) return found;
  const ids = on.map(({ id }) => id);
  const meant = nearest(name, ids);
  throw new UsageError(`no such file or folder: \`${name}\``, {
    help:
      meant === undefined
        ? 'name a rule file or a folder of them, a detection’s id, give the pattern itself in quotes, or - for standard input'
        : `no detection is called so either: did you mean \`${meant}\`?`,
  });
}

const asConfigured = (detections: readonly Detection[], { fields }: LoadedConfig): Detection[] => {
  const override = fields.detections?.override;
  return chooseDetections([], detections, override === undefined ? {} : { override }, true).on;
};

function lone(detections: readonly Detection[], config: LoadedConfig): LoneDetection[] {
  const exclusions = inForce([], config).exclusions.map((exclusion, at) => {
    const { reason, owner } = config.fields.exclusions![at]!;
    return { ...exclusion, reason, owner };
  });
  const options = { inForce: inForce([], config), exclusions, today: dayOf(new Date()) };
  return detections.map((detection) => new LoneDetection(detection, options));
}

/**
 * Says which files hold detections of which only the patterns are asked.
 * @throws UsageError for a sequence, which has no pattern to be asked
 */
export function warnOfPatternsAlone(files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const { says, lists, isSequence } = moreThanPattern(text);
    const help = `ask it whole: --detections ${name}`;
    if (isSequence) throw new UsageError('a sequence has no pattern of its own, and is no rule', { source: name, help });
    const more = [...says, ...lists.filter((list) => LIST_NAMES.some((known) => known === list)).map((list) => `$${list}`)];
    if (more.length > 0)
      complain(new UsageError(`only patterns are asked, not what else stands there: ${more.join(', ')}`, { source: name, help }));
  }
}

/** The name that answers have for it. */
export const nameOfAsked = (asked: Rule | LoneDetection): string => (asked instanceof LoneDetection ? asked.detection.id : asked.name);
