// The targets that a file names, as a rule on the bus has them, and what is wrong with them.
import { MAX_TARGETS_OF_RULE, nearest } from '../pattern/index.ts';
import { type RuleTarget, targetsInFile } from '../rules/index.ts';
import { checkYaml, type FileFault, placeOfPath } from '../yamlfile.ts';
import { knownOnlyThere, withPseudoParameters } from './intrinsics.ts';
import { type TargetFields, type TargetKind, targetKindOf, targetSchema } from './target.ts';

export interface BusTarget {
  /** As CloudFormation has it; ARNs may have `${AWS::Region}` and its like in them. */
  fields: TargetFields & { Id: string };
  kind: TargetKind;
}

/** Targets by the name that rule files may give for them, as trailbus.yml has them. */
export type NamedTargets = Readonly<Record<string, TargetFields>>;

export interface ReadTargets {
  targets: BusTarget[];
  faults: FileFault[];
  /** What is wrong with all of them together. */
  together: Pick<FileFault, 'message' | 'help'>[];
}

/** Reads the targets of one rule. */
export function readTargets(list: readonly RuleTarget[], named: NamedTargets): ReadTargets {
  const read = list.map((target, at) => readTarget(target, at, named));
  const targets = read.flatMap((each) => ('fields' in each ? [each] : []));
  return { targets, faults: read.flatMap((each) => ('fields' in each ? [] : each)), together: [...tooMany(list), ...idsTwice(targets)] };
}

/**
 * What is wrong with the targets of the detections in a file: a detection file may be a rule file, too.
 * @throws RuleError when targets can't be read at all
 */
export const targetFaultsIn = (file: string, source: string, named: NamedTargets = {}): FileFault[] =>
  targetsInFile(file, source).flatMap((list) => {
    const { faults, together } = readTargets(list, named);
    return [...faults, ...together.map((fault) => ({ ...placeOfPath(list[0]!, []), path: 'targets', ...fault }))];
  });

function readTarget(target: RuleTarget, at: number, named: NamedTargets): BusTarget | FileFault[] {
  const place = { ...placeOfPath(target, []), path: `targets[${at}]` };
  const [unknown] = knownOnlyThere(target.value);
  if (unknown !== undefined) return [{ ...place, message: `is known only after another deployment: \`${unknown}\`` }];
  const value = withPseudoParameters(target.value);
  if (typeof value === 'string' && !value.startsWith('arn:'))
    return Object.hasOwn(named, value) ? busTarget(named[value]!, at) : [{ ...place, ...noTarget(value, Object.keys(named)) }];
  const checked = checkYaml({ ...target, value: typeof value === 'string' ? { Arn: value } : value }, targetSchema);
  if ('value' in checked) return busTarget(checked.value, at);
  return checked.faults.map((fault) => ({ ...fault, path: `${place.path}${fault.path === '' ? '' : `.${fault.path}`}` }));
}

function noTarget(name: string, names: readonly string[]): Pick<FileFault, 'message' | 'help'> {
  const meant = nearest(name, names);
  const help = meant === undefined ? 'give an ARN, or add the name under `targets` in trailbus.yml' : `did you mean \`${meant}\`?`;
  return { message: `names no target: \`${name}\``, help };
}

/** CloudWatch Logs' own answers write a group's ARN with `:*`, which EventBridge doesn't take. */
const busTarget = ({ Arn, Id, ...rest }: TargetFields, at: number): BusTarget => ({
  fields: { Arn: Arn.replace(/:\*$/, ''), Id: Id ?? `target-${at + 1}`, ...rest },
  kind: targetKindOf(Arn)!,
});

const tooMany = ({ length }: readonly RuleTarget[]): ReadTargets['together'] =>
  length <= MAX_TARGETS_OF_RULE
    ? []
    : [
        {
          message: `are ${length}, and a rule takes ${MAX_TARGETS_OF_RULE}`,
          help: 'make a second rule with the same pattern, or send to one SNS topic',
        },
      ];

function idsTwice(targets: readonly BusTarget[]): ReadTargets['together'] {
  const ids = targets.map(({ fields: { Id } }) => Id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  return twice === undefined ? [] : [{ message: `have the Id \`${twice}\` twice` }];
}
