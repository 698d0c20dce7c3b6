// Whether AWS Config records a region, wholly and without failing.
import type {
  ConfigurationRecorder,
  ConfigurationRecorderStatus,
  DescribeConfigurationRecorderStatusCommandInput,
  DescribeConfigurationRecorderStatusCommandOutput,
  DescribeConfigurationRecordersCommandInput,
  DescribeConfigurationRecordersCommandOutput,
  DescribeDeliveryChannelsCommandInput,
  DescribeDeliveryChannelsCommandOutput,
} from '@aws-sdk/client-config-service';
import { answerOrWhy, apiCall, check, homeRegionOf, type Judging, type Line, NotAnswered } from '../events/advice/index.ts';
import { type Problem, problemsOf, standing } from './facts/problems.ts';

const RECORDERS = apiCall<DescribeConfigurationRecordersCommandInput, DescribeConfigurationRecordersCommandOutput>(
  'config-service',
  'DescribeConfigurationRecorders',
);
const STATUS = apiCall<DescribeConfigurationRecorderStatusCommandInput, DescribeConfigurationRecorderStatusCommandOutput>(
  'config-service',
  'DescribeConfigurationRecorderStatus',
);
const CHANNELS = apiCall<DescribeDeliveryChannelsCommandInput, DescribeDeliveryChannelsCommandOutput>(
  'config-service',
  'DescribeDeliveryChannels',
);

const COLUMNS = [
  'Status',
  'Region',
  'Recorder',
  'Recording',
  'Last Status',
  'All Resources',
  'Global Resources',
  'Delivery Channel',
  'Reason',
] as const;
type RecorderColumn = (typeof COLUMNS)[number];

interface RecorderFacts {
  recorders: ConfigurationRecorder[];
  statuses: ConfigurationRecorderStatus[] | NotAnswered;
  /** Name of the delivery channel; undefined when there is none. */
  channel: string | undefined | NotAnswered;
}

/** Recorders that services keep for themselves record for them alone. */
const isOwn = ({ servicePrincipal }: ConfigurationRecorder): boolean => servicePrincipal === undefined;

const recordsAll = ({ recordingGroup: { allSupported, recordingStrategy } = {} }: ConfigurationRecorder): boolean =>
  allSupported === true || recordingStrategy?.useOnly === 'ALL_SUPPORTED_RESOURCE_TYPES';

const recordsGlobal = (recorder: ConfigurationRecorder): boolean => recorder.recordingGroup?.includeGlobalResourceTypes === true;

/** One region is enough for what is global, and it is the first of the partition. */
function settings(recorder: ConfigurationRecorder, { region, partition }: Judging): Problem[] {
  const isAll = recordsAll(recorder);
  return problemsOf([
    [!isAll, 'warning', 'it does not record all kinds of resources'],
    [isAll && !recordsGlobal(recorder) && region === homeRegionOf(partition), 'warning', 'it does not record global resources, IAM’s'],
  ]);
}

function working({ statuses }: RecorderFacts, status: ConfigurationRecorderStatus | undefined): Problem[] {
  if (statuses instanceof NotAnswered) return [{ status: 'not_available', text: statuses.reason }];
  if (status?.recording !== true) return [{ status: 'error', text: 'it is stopped' }];
  const { lastStatus, lastErrorCode, lastErrorMessage } = status;
  const why = [lastErrorCode, lastErrorMessage].filter((said) => said !== undefined).join(': ');
  return problemsOf([[lastStatus?.toUpperCase() === 'FAILURE', 'warning', `it failed the last time${why === '' ? '' : `: ${why}`}`]]);
}

function delivery({ channel }: RecorderFacts): Problem[] {
  if (channel instanceof NotAnswered) return [{ status: 'not_available', text: channel.reason }];
  return problemsOf([[channel === undefined, 'error', 'there is no delivery channel']]);
}

function lineOf(recorder: ConfigurationRecorder, facts: RecorderFacts, judging: Judging): Line<RecorderColumn> {
  const { name = '' } = recorder;
  const status = facts.statuses instanceof NotAnswered ? undefined : facts.statuses.find((each) => each.name === name);
  const problems = [...working(facts, status), ...delivery(facts), ...settings(recorder, judging)];
  const { status: colour, reason: said } = standing(problems, 'it records all kinds of resources');
  const reason = `recorder \`${name}\` of ${judging.region}: ${said}`;
  const values = {
    ...{
      Recorder: name,
      Recording: status === undefined ? '' : status.recording === true ? 'Yes' : 'No',
      'Last Status': status?.lastStatus ?? '',
    },
    ...{ 'All Resources': recordsAll(recorder) ? 'Yes' : 'No', 'Global Resources': recordsGlobal(recorder) ? 'Yes' : 'No' },
    ...{ 'Delivery Channel': facts.channel instanceof NotAnswered ? '' : (facts.channel ?? ''), Reason: reason },
  };
  return { resource: judging.region, status: colour, values, reason };
}

export default check({
  id: 'trailbus-config-recorder',
  name: 'AWS Config Recorder',
  category: 'security',
  description:
    'Looks in each region whether AWS Config records, without failing, all kinds of resources, and delivers them. A recorder is known by its region: most are called default.',
  criteria: {
    red: 'the region has no recorder, the recorder is stopped, or there is no delivery channel',
    yellow: 'the recorder failed the last time, leaves out kinds of resources, or, in the partition’s first region, global resources',
    green: 'the recorder runs, delivers, and records all kinds of resources',
  },
  action:
    'Set up AWS Config in the region with all kinds of resources and a delivery channel, and start its recorder; record global resources in one region.',
  references: [
    'https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/config-controls.html',
  ],
  columns: COLUMNS,
  controls: ['cis.3.3', 'securityhub.Config.1'],
  scope: 'region',
  calls: [RECORDERS, STATUS, CHANNELS],
  collect: async (asker) => {
    const [{ ConfigurationRecorders = [] }, statuses, channels] = await Promise.all([
      ...[asker.ask(RECORDERS, {}), answerOrWhy(asker.ask(STATUS, {})), answerOrWhy(asker.ask(CHANNELS, {}))],
    ] as const);
    return {
      recorders: ConfigurationRecorders.filter(isOwn),
      statuses: statuses instanceof NotAnswered ? statuses : (statuses.ConfigurationRecordersStatus ?? []),
      channel: channels instanceof NotAnswered ? channels : channels.DeliveryChannels?.[0]?.name,
    };
  },
  judge: (facts, judging) =>
    facts.recorders.length > 0
      ? facts.recorders.map((recorder) => lineOf(recorder, facts, judging))
      : [
          {
            resource: judging.region,
            status: 'error',
            values: { Recording: 'No' },
            reason: `AWS Config has no recorder in ${judging.region}`,
          },
        ],
  staleAfter: [
    {
      source: ['cloudtrail.config'],
      detail: {
        eventName: [
          ...['StopConfigurationRecorder', 'StartConfigurationRecorder', 'PutConfigurationRecorder', 'DeleteConfigurationRecorder'],
          ...['PutDeliveryChannel', 'DeleteDeliveryChannel'],
        ],
      },
    },
  ],
});
