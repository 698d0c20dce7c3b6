// `unknown-event-source`: host names that no service is known by.
import { serviceOf, serviceOfSource } from '../../../cloudtrail.ts';
import type { Leaf } from '../../ast.ts';
import { nearest } from '../../nearest.ts';
import { isKnownService, knownServices } from '../known.ts';
import { isBeside, leavesAt, type NamedValue, namedValues } from '../leaves.ts';
import { CLOUDTRAIL_GUIDE, type LintRule, type RawFinding } from '../lintrule.ts';

export const unknownEventSource: LintRule = {
  id: 'unknown-event-source',
  severity: 'warning',
  title: 'no AWS service has this eventSource',
  link: `${CLOUDTRAIL_GUIDE}/cloudtrail-aws-service-specific-topics.html`,
  example: {
    wrong: { detail: { eventSource: ['elb.amazonaws.com'] } },
    right: { detail: { eventSource: ['elasticloadbalancing.amazonaws.com'] } },
  },
  check: ({ leaves }) =>
    leavesAt(leaves, 'detail.eventSource').flatMap((leaf) =>
      namedValues(leaf).flatMap((named) => (named.kind === 'string' ? judgeSource(named, leaf) : [])),
    ),
};

function judgeSource({ value: host, at, end }: NamedValue, leaf: Leaf): RawFinding[] {
  const service = serviceOf(host);
  if (service !== undefined && isKnownService(service)) return [];
  const bare = serviceOfSource(host) ?? host;
  if (isKnownService(bare))
    return [
      { severity: 'error', message: `eventSource is a host name, not \`${host}\``, help: `write \`${bare}.amazonaws.com\``, at, end },
    ];
  const meant = nearest(service ?? host, knownServices());
  const help = meant === undefined ? 'a new service perhaps; check a record of it' : `did you mean \`${meant}.amazonaws.com\`?`;
  const isHarmless = meant === undefined || isBeside(`${meant}.amazonaws.com`, leaf);
  return [{ severity: isHarmless ? 'note' : 'warning', message: `no service is known as \`${host}\``, help, at, end }];
}
