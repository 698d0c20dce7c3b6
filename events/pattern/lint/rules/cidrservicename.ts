// `cidr-service-name`: `cidr` on an address for which CloudTrail may write a service’s name.
import { CLOUDTRAIL_GUIDE, type LintRule } from '../lintrule.ts';

export const cidrServiceName: LintRule = {
  id: 'cidr-service-name',
  severity: 'warning',
  title: '`cidr` on an address that may be a service’s name',
  link: `${CLOUDTRAIL_GUIDE}/cloudtrail-event-reference-record-contents.html`,
  example: {
    wrong: { detail: { sourceIPAddress: [{ cidr: '10.0.0.0/8' }] } },
    right: { detail: { sourceIPAddress: [{ cidr: '10.0.0.0/8' }, { suffix: '.amazonaws.com' }] } },
  },
  check: ({ leaves }) =>
    leaves.flatMap(({ key, matchers }) => {
      if (key.path !== 'detail.sourceIPAddress' || matchers.some(({ kind }) => kind !== 'cidr')) return [];
      const { at, end } = matchers[0]!;
      const message =
        '`sourceIPAddress` is a name such as `ec2.amazonaws.com` or `AWS Internal` where a service made the call: cidr never matches those';
      return [{ message, help: 'add {"suffix": ".amazonaws.com"} to the list if such calls are meant too', at, end }];
    }),
};
