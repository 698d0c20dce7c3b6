// Whether GuardDuty looks at a region.
import type {
  GetDetectorCommandInput,
  GetDetectorCommandOutput,
  ListDetectorsCommandInput,
  ListDetectorsCommandOutput,
} from '@aws-sdk/client-guardduty';
import { answerOrWhy, apiCall, check, type Line, NotAnswered } from '../events/advice/index.ts';

const DETECTORS = apiCall<ListDetectorsCommandInput, ListDetectorsCommandOutput>('guardduty', 'ListDetectors');
const DETECTOR = apiCall<GetDetectorCommandInput, GetDetectorCommandOutput>('guardduty', 'GetDetector');

const COLUMNS = ['Status', 'Region', 'Detector ID', 'Detector Status'] as const;

/** A region has one detector at most. */
interface RegionDetector {
  id: string;
  answer: GetDetectorCommandOutput | NotAnswered;
}

function lineOf({ id, answer }: RegionDetector, region: string): Line<(typeof COLUMNS)[number]> {
  if (answer instanceof NotAnswered)
    return { resource: region, status: 'not_available', values: { 'Detector ID': id }, reason: answer.reason };
  const values = { 'Detector ID': id, 'Detector Status': answer.Status ?? '' };
  if (answer.Status === 'ENABLED') return { resource: region, status: 'ok', values, reason: `detector \`${id}\` is enabled` };
  return { resource: region, status: 'error', values, reason: `detector \`${id}\` of ${region} is suspended` };
}

export default check({
  id: 'trailbus-guardduty',
  name: 'GuardDuty Enabled',
  category: 'security',
  description:
    'Looks in each region for a GuardDuty detector that is enabled. Regions that nobody uses are where intruders start machines, so they count too.',
  criteria: { red: 'the region has no detector, or its detector is suspended', green: 'the region has a detector that is enabled' },
  action: 'Enable GuardDuty in the region; in an organization, let its administrator enable it in all accounts and regions.',
  references: [
    'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_settingup.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html',
  ],
  columns: COLUMNS,
  controls: ['config.guardduty-enabled-centralized', 'securityhub.GuardDuty.1'],
  scope: 'region',
  calls: [DETECTORS, DETECTOR],
  collect: async (asker) => {
    const ids = (await asker.pages(DETECTORS, {})).flatMap(({ DetectorIds = [] }) => DetectorIds);
    return Promise.all(ids.map(async (id) => ({ id, answer: await answerOrWhy(asker.ask(DETECTOR, { DetectorId: id })) })));
  },
  judge: (detectors, { region }) =>
    detectors.length > 0
      ? detectors.map((detector) => lineOf(detector, region))
      : [{ resource: region, status: 'error', values: {}, reason: `GuardDuty is not enabled in ${region}` }],
  staleAfter: [
    {
      source: ['cloudtrail.guardduty'],
      detail: { eventName: ['CreateDetector', 'DeleteDetector', 'UpdateDetector', 'StopMonitoringMembers', 'StartMonitoringMembers'] },
    },
  ],
});
