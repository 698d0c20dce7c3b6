// Rules that name targets, as they are put on the bus: whatever EventBridge or CloudFormation would refuse is found before.
import { listNameOf } from '../detect/index.ts';
import { MAX_PATTERN_LENGTH, MAX_TARGETS_OF_RULE, patternLength, type TextPlace } from '../pattern/index.ts';
import { compileForEntries, placeOf, type Rule, type RuleTarget } from '../rules/index.ts';
import { checkYaml, FileError, type FileFault, placeOfPath } from '../yamlfile.ts';
import { knownOnlyThere, withPseudoParameters } from './intrinsics.ts';
import { type TargetFields, type TargetKind, targetKindOf, targetSchema } from './target.ts';

export interface BusTarget {
  /** As CloudFormation has it; ARNs may have `${AWS::Region}` and its like in them. */
  fields: TargetFields & { Id: string };
  kind: TargetKind;
}

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

/** Targets by the name that rule files may give for them, as trailbus.yml has them. */
export type NamedTargets = Readonly<Record<string, TargetFields>>;

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
    if (targetList.length > MAX_TARGETS_OF_RULE)
      this.fault(
        'targets',
        `are ${targetList.length}, and a rule takes ${MAX_TARGETS_OF_RULE}`,
        'make a second rule with the same pattern, or send to one SNS topic',
      );
    const targets = targetList.flatMap((target, at) => this.targetOf(target, at));
    this.checkIds(targets);
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

  private targetOf(target: RuleTarget, at: number): BusTarget[] {
    const path = `targets[${at}]`;
    const place = placeOfPath(target, []);
    const [unknown] = knownOnlyThere(target.value);
    if (unknown !== undefined) return this.refused({ ...place, path }, `is known only after another deployment: \`${unknown}\``);
    const value = withPseudoParameters(target.value);
    if (typeof value === 'string' && !value.startsWith('arn:')) return this.namedTarget(value, at, { ...place, path });
    const asFields = { ...target, value: typeof value === 'string' ? { Arn: value } : value };
    const checked = checkYaml(asFields, targetSchema);
    if ('value' in checked) return [busTarget(checked.value, at)];
    this.faults.push(...checked.faults.map((fault) => ({ ...fault, path: `${path}${fault.path === '' ? '' : `.${fault.path}`}` })));
    return [];
  }

  private namedTarget(name: string, at: number, place: Pick<FileFault, 'source' | 'line' | 'column' | 'path'>): BusTarget[] {
    if (Object.hasOwn(this.named, name)) return [busTarget(this.named[name]!, at)];
    return this.refused(place, `names no target: \`${name}\``, 'give an ARN, or add the name under `targets` in trailbus.yml');
  }

  private refused(place: Pick<FileFault, 'source' | 'line' | 'column' | 'path'>, message: string, help?: string): [] {
    this.faults.push({ ...place, message, ...(help === undefined ? {} : { help }) });
    return [];
  }

  private checkIds(targets: readonly BusTarget[]): void {
    const ids = targets.map(({ fields: { Id } }) => Id);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined) this.fault('targets', `have the Id \`${twice}\` twice`);
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

/** CloudWatch Logs' own answers write a group's ARN with `:*`, which EventBridge doesn't take. */
const busTarget = ({ Arn, Id, ...rest }: TargetFields, at: number): BusTarget => ({
  fields: { Arn: Arn.replace(/:\*$/, ''), Id: Id ?? `target-${at + 1}`, ...rest },
  kind: targetKindOf(Arn)!,
});

/** A number that is another text once it was read: `1.0`, 20 digits. */
function changedNumber(json: string): { at: number; text: string } | undefined {
  for (const { 0: text, index } of json.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g))
    if (!text.startsWith('"') && String(Number(text)) !== text) return { at: index, text };
  return undefined;
}
