// Rules that name targets, as they are put on the bus: whatever EventBridge or CloudFormation would refuse is found before.
import { listNameOf } from '../detect/index.ts';
import { MAX_PATTERN_LENGTH, patternLength, type TextPlace } from '../pattern/index.ts';
import { compileForEntries, placeOf, type Rule } from '../rules/index.ts';
import { FileError, type FileFault } from '../yamlfile.ts';
import { knownOnlyThere } from './intrinsics.ts';
import { type BusTarget, type NamedTargets, readTargets } from './readtargets.ts';

export interface BusRule {
  name: string;
  title?: string;
  pattern: object;
  isDisabled: boolean;
  targets: readonly BusTarget[];
}

export interface SortedRules {
  /** Those that are put on the bus. */
  deployed: BusRule[];
  /** Those with targets that are not: their own templates put them on a bus. */
  elsewhere: { name: string; why: string }[];
}

/**
 * Sorts out the rules that have targets; the others only say what `emit: matched` lets through.
 * @param files  the text of each rule file, by its name
 * @throws PatternError for a pattern that EventBridge would refuse, FileError with every other fault of all of them
 */
export function busRulesOf(rules: readonly Rule[], files: ReadonlyMap<string, string>, named: NamedTargets = {}): SortedRules {
  const withTargets = rules.filter(({ targets = 0 }) => targets > 0);
  compileForEntries(withTargets, files);
  const sorted: SortedRules = { deployed: [], elsewhere: [] };
  const faults: FileFault[] = [];
  const names = new Set<string>();
  for (const rule of withTargets) {
    const why = whyElsewhere(rule);
    if (why !== undefined) sorted.elsewhere.push({ name: rule.name, why });
    else {
      const reader = new BusRuleReader(rule, files.get(rule.source) ?? rule.pattern, named);
      sorted.deployed.push(reader.read());
      faults.push(...reader.faults, ...reader.repeated(names));
    }
  }
  if (faults.length > 0) throw new FileError(faults);
  return sorted;
}

/** A rule in a template that can only be, or is meant to be, put on a bus by that template. */
function whyElsewhere({ form, busName, targetList = [], unresolved }: Rule): string | undefined {
  if (form !== 'cloudformation' && form !== 'serverless') return undefined;
  if (busName !== undefined) return `its template puts it on ${busName === '' ? 'a bus' : `the bus \`${busName}\``}`;
  const [unknown] = targetList.flatMap(({ value }) => knownOnlyThere(value));
  if (unknown !== undefined) return `its target is known to its template alone: \`${unknown}\``;
  return unresolved.length > 0 ? 'its pattern has values that are known to its template alone' : undefined;
}

class BusRuleReader {
  readonly faults: FileFault[] = [];
  private readonly rule: Rule;
  private readonly file: string;
  private readonly named: NamedTargets;

  constructor(rule: Rule, file: string, named: NamedTargets) {
    [this.rule, this.file, this.named] = [rule, file, named];
  }

  read(): BusRule {
    const { title, isDisabled = false, targetList = [] } = this.rule;
    this.checkName();
    this.checkPattern();
    const { targets, faults, together } = readTargets(targetList, this.named);
    this.faults.push(...faults);
    for (const { message, help } of together) this.fault('targets', message, help);
    const pattern = JSON.parse(this.rule.pattern || '{}') as object;
    return { name: this.name, ...(title === undefined ? {} : { title }), pattern, isDisabled, targets };
  }

  /** A fault where another rule has its name. */
  repeated(names: Set<string>): FileFault[] {
    const isNew = names.size < names.add(this.name).size;
    return isNew ? [] : [this.faultAt('id', `is \`${this.name}\` again: rules on one bus have names of their own`)];
  }

  /** As its file has it, without the file that tells it from one of the same name. */
  private get name(): string {
    const { name, source } = this.rule;
    return name.startsWith(`${source}: `) ? name.slice(source.length + 2) : name;
  }

  private checkName(): void {
    if (/^[.\w-]{1,64}$/.test(this.name)) return;
    this.fault('id', `can’t be the name of a rule: \`${this.name}\``, 'give up to 64 letters, digits, dots, dashes and underscores');
  }

  private checkPattern(): void {
    const { pattern, unresolved, conditions = [] } = this.rule;
    const length = patternLength(pattern);
    if (length > MAX_PATTERN_LENGTH)
      this.fault('pattern', `has ${length} characters, and EventBridge takes ${MAX_PATTERN_LENGTH}`, 'split it into several rules');
    for (const at of unresolved.slice(0, 1))
      this.fault('pattern', 'has a value that is known only after another deployment', 'write it out', this.placeIn(at));
    const list = [...pattern.matchAll(/"(\$\w+)"(?!\s*:)/g)].find(({ 1: word }) => listNameOf(word) !== undefined);
    if (list !== undefined)
      this.fault('pattern', `names a list: ${list[0]}`, 'write its values out: only detections know lists', this.placeIn(list.index));
    const number = changedNumber(pattern);
    if (number !== undefined)
      this.fault('pattern', `has a number that CloudFormation would change: ${number.text}`, undefined, this.placeIn(number.at));
    for (const key of conditions)
      this.fault(key, 'can’t be said by a rule: its targets would get more', 'make it a detection: `detections.files` in trailbus.yml');
  }

  private placeIn(offset: number): TextPlace {
    return placeOf(this.rule, this.file, offset);
  }

  private fault(path: string, message: string, help?: string, place: TextPlace = this.rule.place): void {
    this.faults.push(this.faultAt(path, message, help, place));
  }

  private faultAt(path: string, message: string, help?: string, { line, column }: TextPlace = this.rule.place): FileFault {
    return {
      source: this.rule.source,
      line,
      column,
      path,
      message: `of \`${this.name}\` ${message}`,
      ...(help === undefined ? {} : { help }),
    };
  }
}

/** A number that is another text once it was read: `1.0`, 20 digits. */
function changedNumber(json: string): { at: number; text: string } | undefined {
  for (const { 0: text, index } of json.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g))
    if (!text.startsWith('"') && String(Number(text)) !== text) return { at: index, text };
  return undefined;
}
