// The alarms of the stack: one for each thing a person has to look at. What to do: docs/operations.md, under the same names.
import { type Deployment, hasDetections, hasQueue, hasRuleTargets, isValidating, isWatchingSilence } from './deployment.ts';
import { ALERT_FUNCTION, functionId, PROCESS_FUNCTION } from './lambda.ts';

/** Whose numbers they are: a queue's, a function's, both by logical id, or our own of the whole stack. */
export type Measured = { queue: string } | { function: string } | 'service';

export interface Alarm {
  name: string;
  /** What has happened when it goes off. */
  says: string;
  of: Measured;
  metric: string;
  statistic: 'Sum' | 'Maximum';
  unit?: 'Seconds';
  /** It goes off above this. */
  threshold: number;
  periodSeconds: number;
  /** Periods that are looked at. */
  periods: number;
  /** Those of them that must be above; all, when not given. */
  periodsAbove?: number;
  /** No number at all is as bad as a high one. */
  isSilenceBad?: boolean;
  /** Whether the deployment has it; without it, always. */
  isPart?: (deployment: Deployment) => boolean;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

const PROCESS = { function: PROCESS_FUNCTION };
const ALERT = { function: ALERT_FUNCTION };
const OFTEN = { periodSeconds: 5 * MINUTE, periods: 1 };

/** A queue that should be empty. */
const filling = (queue: string) =>
  ({
    of: { queue },
    metric: 'ApproximateNumberOfMessagesVisible',
    statistic: 'Maximum',
    threshold: 0,
    periodSeconds: MINUTE,
    periods: 1,
  }) as const;

export const ALARMS: readonly Alarm[] = [
  {
    name: 'FailedNotificationsAlarm',
    says: 'A notification failed on every try and waits in the queue of failed ones',
    ...filling('FailedNotificationsQueue'),
  },
  {
    name: 'LostNotificationsAlarm',
    says: 'A notification that failed could not be kept',
    of: PROCESS,
    metric: 'DestinationDeliveryFailures',
    statistic: 'Sum',
    threshold: 0,
    ...OFTEN,
    isPart: (deployment) => !hasQueue(deployment),
  },
  {
    name: 'ParkedEntriesAlarm',
    says: 'The bus refused an entry for good; it waits in the queue of parked entries',
    ...filling('ParkedEntriesQueue'),
  },
  {
    name: 'QuarantinedFilesAlarm',
    says: 'A log file could not be read as one and lies in the quarantine bucket',
    of: 'service',
    metric: 'FilesQuarantined',
    statistic: 'Sum',
    threshold: 0,
    ...OFTEN,
  },
  {
    name: 'QuarantinedRecordsAlarm',
    says: 'An element of a log file is no record and lies in the quarantine bucket',
    of: 'service',
    metric: 'RecordsQuarantined',
    statistic: 'Sum',
    threshold: 0,
    ...OFTEN,
  },
  {
    name: 'ErrorsAlarm',
    says: 'The process function failed',
    of: PROCESS,
    metric: 'Errors',
    statistic: 'Sum',
    threshold: 0,
    ...OFTEN,
  },
  {
    name: 'ThrottlesAlarm',
    says: 'Invocations of the process function were throttled for 15 minutes',
    of: PROCESS,
    metric: 'Throttles',
    statistic: 'Sum',
    threshold: 0,
    periodSeconds: 5 * MINUTE,
    periods: 3,
  },
  {
    name: 'OldestNotificationAlarm',
    says: 'A notification waits for more than 15 minutes',
    of: { queue: 'NotificationQueue' },
    metric: 'ApproximateAgeOfOldestMessage',
    statistic: 'Maximum',
    threshold: 15 * MINUTE,
    ...OFTEN,
    isPart: hasQueue,
  },
  {
    name: 'FailedHitsAlarm',
    says: 'Hits of detections failed on every try and wait in the queue of failed ones',
    ...filling('FailedHitsQueue'),
    isPart: hasDetections,
  },
  {
    name: 'AlertErrorsAlarm',
    says: 'The alert function failed',
    of: ALERT,
    metric: 'Errors',
    statistic: 'Sum',
    threshold: 0,
    ...OFTEN,
    isPart: hasDetections,
  },
  {
    name: 'AlertThrottlesAlarm',
    says: 'Invocations of the alert function were throttled for 15 minutes',
    of: ALERT,
    metric: 'Throttles',
    statistic: 'Sum',
    threshold: 0,
    periodSeconds: 5 * MINUTE,
    periods: 3,
    isPart: hasDetections,
  },
  {
    name: 'OldestHitAlarm',
    says: 'A hit waits for more than 15 minutes to become a finding',
    of: { queue: 'HitQueue' },
    metric: 'ApproximateAgeOfOldestMessage',
    statistic: 'Maximum',
    threshold: 15 * MINUTE,
    ...OFTEN,
    isPart: hasDetections,
  },
  {
    name: 'DetectionFaultsAlarm',
    says: 'A detection failed on a record, which went out all the same',
    of: 'service',
    metric: 'DetectionFaults',
    statistic: 'Sum',
    threshold: 0,
    ...OFTEN,
    isPart: hasDetections,
  },
  {
    name: 'FailedEventsAlarm',
    says: 'A target of one of your rules did not take an event on any try; it waits in the queue of failed ones',
    ...filling('FailedEventsQueue'),
    isPart: hasRuleTargets,
  },
  {
    name: 'InvalidFilesAlarm',
    says: 'A log file or digest is not what CloudTrail delivered',
    of: 'service',
    metric: 'FilesInvalid',
    statistic: 'Maximum',
    threshold: 0,
    periodSeconds: HOUR,
    periods: 2,
    periodsAbove: 1,
    isPart: isValidating,
  },
  {
    name: 'ValidateErrorsAlarm',
    says: 'The validate function failed, or could not check a trail',
    of: { function: functionId('validate') },
    metric: 'Errors',
    statistic: 'Sum',
    threshold: 0,
    periodSeconds: HOUR,
    periods: 1,
    isPart: isValidating,
  },
  {
    // No number at all is worse than a high one: nothing ran, or nothing was left to prove.
    name: 'ValidationLagAlarm',
    says: 'No digest of the last four hours was proven',
    of: 'service',
    metric: 'ValidationLag',
    statistic: 'Maximum',
    unit: 'Seconds',
    threshold: 4 * HOUR,
    periodSeconds: HOUR,
    periods: 3,
    isSilenceBad: true,
    isPart: isValidating,
  },
  {
    name: 'SilenceErrorsAlarm',
    says: 'The silence function failed: nobody would be told of an account that stopped delivering',
    of: { function: functionId('silence') },
    metric: 'Errors',
    statistic: 'Sum',
    threshold: 0,
    periodSeconds: HOUR,
    periods: 1,
    isPart: isWatchingSilence,
  },
];
