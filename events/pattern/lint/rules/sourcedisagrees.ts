// `source-disagrees`: two fields that name a service, and not the same one.
import { serviceOf, serviceOfSource } from '../../../cloudtrail.ts';
import type { Branch } from '../../branches.ts';
import { plainOf } from '../about.ts';
import { EVENTBRIDGE_GUIDE, type LintRule, type RawFinding } from '../lintrule.ts';
import { oncePerPlace } from '../namedevents.ts';

export const sourceDisagrees: LintRule = {
  id: 'source-disagrees',
  severity: 'error',
  title: '`source` and `detail.eventSource` name different services',
  link: `${EVENTBRIDGE_GUIDE}/eb-service-event-cloudtrail.html`,
  example: {
    wrong: { source: ['cloudtrail.ec2'], detail: { eventSource: ['iam.amazonaws.com'] } },
    right: { source: ['cloudtrail.iam'], detail: { eventSource: ['iam.amazonaws.com'] } },
  },
  check: ({ branches }) => oncePerPlace(branches.flatMap(judge)),
};

function judge(branch: Branch): RawFinding[] {
  const source = branch.get('source');
  const ours = plainOf(source)?.map(serviceOfSource);
  const theirs = plainOf(branch.get('detail.eventSource'))?.map(serviceOf);
  if (source === undefined || ours === undefined || theirs === undefined || [...ours, ...theirs].includes(undefined)) return [];
  if (ours.some((service) => theirs.includes(service))) return [];
  const message = `\`source\` says ${ours.join(', ')} and \`detail.eventSource\` ${theirs.join(', ')}: both can't hold`;
  return [{ message, help: 'name one service in both, or leave one out', at: source.at, end: source.end }];
}
