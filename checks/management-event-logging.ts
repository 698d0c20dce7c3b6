// Whether each region's management events are recorded by a trail that delivers.
import { check, type Judging, type Line, NotAnswered } from '../events/advice/index.ts';
import { recordsManagement, SELECTOR_CALLS, selectorsOf, type TrailSelectors } from './facts/eventselectors.ts';
import { BUCKET_CHANGES, type StandingTrail, standingTrails, TRAIL_CALLS, TRAIL_CHANGES, TRAIL_STATUS_CALLS } from './facts/trails.ts';

const COLUMNS = ['Status', 'Region', 'Logging Enabled', 'Delivery Error Reported', 'Last Updated Time'] as const;

interface RecordingTrail extends StandingTrail {
  selectors: TrailSelectors | NotAnswered;
}

/** How one trail serves the region; why, where it can't be known. */
type Service = 'delivers' | 'fails' | 'off' | NotAnswered;

function trailServes({ status, selectors }: RecordingTrail): Service {
  if (status instanceof NotAnswered) return status;
  if (status.IsLogging !== true) return 'off';
  if (selectors instanceof NotAnswered) return selectors;
  if (!recordsManagement(selectors)) return 'off';
  return status.LatestDeliveryError ? 'fails' : 'delivers';
}

const trailNames = (trails: readonly RecordingTrail[]): string => trails.map(({ trail: { Name = '' } }) => `\`${Name}\``).join(', ');

/** One good trail is enough; without one, a trail that can't be asked about may be it. */
function lineOf(trails: readonly RecordingTrail[], { region, now }: Judging): Line<(typeof COLUMNS)[number]> {
  const serving = (wanted: Service) => trails.filter((each) => trailServes(each) === wanted);
  const line = (status: Line<string>['status'], reason: string, logging: string, error: string) => ({
    ...{ resource: region, status, reason },
    values: { 'Logging Enabled': logging, 'Delivery Error Reported': error, 'Last Updated Time': new Date(now).toISOString() },
  });
  const [delivering, failing] = [serving('delivers'), serving('fails')];
  if (delivering.length > 0) return line('ok', `management events of ${region} are recorded by ${trailNames(delivering)}`, 'Yes', 'No');
  const unknown = trails.map(trailServes).find((service) => service instanceof NotAnswered);
  if (unknown instanceof NotAnswered) return line('not_available', unknown.reason, '', '');
  if (failing.length > 0)
    return line('warning', `every trail that records ${region} reports delivery errors: ${trailNames(failing)}`, 'Yes', 'Yes');
  if (trails.length === 0) return line('error', `no trail records management events of ${region}`, 'No', 'No');
  return line('error', `no trail of ${region} is logging management events: ${trailNames(trails)}`, 'No', 'No');
}

export default check({
  id: 'c25hn9x03v',
  name: 'AWS CloudTrail Management Event Logging',
  category: 'security',
  description:
    'Looks in each region for a trail that is logging management events and whose files arrive. Without one nobody can say afterwards who did what; trails of all regions and of the organization count in each region.',
  criteria: {
    red: 'the region has no trail, or none that is logging management events',
    yellow: 'the region has such trails, and all of them report delivery errors',
    green: 'a trail is logging management events of the region, and reports no delivery error',
  },
  action: 'Create a trail of all regions, start its logging, and let its bucket’s policy allow CloudTrail to write.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#aws-cloudtrail-man-events-log',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html',
  ],
  columns: COLUMNS,
  replaces: 'vjafUGJ9H0',
  controls: [
    'cis.3.1',
    'config.cloudtrail-enabled',
    'config.multi-region-cloud-trail-enabled',
    'securityhub.CloudTrail.1',
    'securityhub.CloudTrail.3',
  ],
  scope: 'region',
  calls: [...TRAIL_CALLS, ...TRAIL_STATUS_CALLS, ...SELECTOR_CALLS],
  collect: async (asker, place) =>
    Promise.all((await standingTrails(asker, place)).map(async (each) => ({ ...each, selectors: await selectorsOf(asker, each.trail) }))),
  judge: (trails, judging) => [lineOf(trails, judging)],
  staleAfter: [...TRAIL_CHANGES, ...BUCKET_CHANGES],
});
