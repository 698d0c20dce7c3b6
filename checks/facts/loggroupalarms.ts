// What stands between a trail and a person who is woken: its log group, metric filters, alarms, topics.
import type { DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { DescribeMetricFiltersCommandInput, DescribeMetricFiltersCommandOutput, MetricFilter } from '@aws-sdk/client-cloudwatch-logs';
import type { ListSubscriptionsByTopicCommandInput, ListSubscriptionsByTopicCommandOutput } from '@aws-sdk/client-sns';
import { type Asker, answerOrWhy, answerUnless, apiCall, type NotAnswered } from '../../events/advice/index.ts';

const FILTERS = apiCall<DescribeMetricFiltersCommandInput, DescribeMetricFiltersCommandOutput>('cloudwatch-logs', 'DescribeMetricFilters');
const METRIC_ALARMS = apiCall<DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput>('cloudwatch', 'DescribeAlarms');
const SUBSCRIPTIONS = apiCall<ListSubscriptionsByTopicCommandInput, ListSubscriptionsByTopicCommandOutput>(
  'sns',
  'ListSubscriptionsByTopic',
);

export const ALARM_CALLS = [FILTERS, METRIC_ALARMS, SUBSCRIPTIONS];

/** A log group by its ARN: `arn:aws:logs:us-east-1:111122223333:log-group:trail:*`. */
export interface LogGroupPlace {
  name: string;
  region: string;
  account: string;
}

export function logGroupPlace(arn: string): LogGroupPlace {
  const [, , , region = '', account = '', , name = ''] = arn.split(':');
  return { name, region, account };
}

export interface GroupAlarms {
  filters: MetricFilter[] | NotAnswered;
  /** Alarms on the filters' metrics. */
  alarms: MetricAlarm[] | NotAnswered;
  /** Of the topics that these alarms tell, by ARN: whether somebody listens. */
  heard: ReadonlyMap<string, boolean | NotAnswered>;
}

export async function groupAlarms(asker: Asker, { name, region }: LogGroupPlace): Promise<GroupAlarms> {
  const [filterPages, alarmPages] = await Promise.all([
    answerOrWhy(answerUnless(['ResourceNotFoundException'], asker.pages(FILTERS, { logGroupName: name }, { region }))),
    answerOrWhy(asker.pages(METRIC_ALARMS, { AlarmTypes: ['MetricAlarm'] }, { region })),
  ]);
  const filters = filterPages instanceof Error ? filterPages : (filterPages ?? []).flatMap(({ metricFilters = [] }) => metricFilters);
  const metrics = new Set(filters instanceof Error ? [] : filters.flatMap(metricsOf));
  const alarms =
    alarmPages instanceof Error
      ? alarmPages
      : alarmPages
          .flatMap(({ MetricAlarms = [] }) => MetricAlarms)
          .filter((alarm) => watchedBy(alarm).some((metric) => metrics.has(metric)));
  const topics = new Set(alarms instanceof Error ? [] : alarms.flatMap(({ AlarmActions = [] }) => AlarmActions.filter(isTopic)));
  const heard = await Promise.all([...topics].map(async (topic) => [topic, await isHeard(asker, topic)] as const));
  return { filters, alarms, heard: new Map(heard) };
}

const metricKey = (namespace = '', name = ''): string => `${namespace}/${name}`;

/** The metrics that a filter counts into. */
export const metricsOf = ({ metricTransformations = [] }: MetricFilter): string[] =>
  metricTransformations.map(({ metricNamespace, metricName }) => metricKey(metricNamespace, metricName));

/** The metrics that an alarm looks at: its own, or those that it reckons with. */
export const watchedBy = ({ Namespace, MetricName, Metrics = [] }: MetricAlarm): string[] => [
  ...(MetricName === undefined ? [] : [metricKey(Namespace, MetricName)]),
  ...Metrics.flatMap(({ MetricStat }) =>
    MetricStat?.Metric === undefined ? [] : [metricKey(MetricStat.Metric.Namespace, MetricStat.Metric.MetricName)],
  ),
];

export const isTopic = (arn: string): boolean => arn.split(':')[2] === 'sns';

/** A topic that is gone is heard by nobody, and so is one whose subscribers never confirmed. */
async function isHeard(asker: Asker, TopicArn: string): Promise<boolean | NotAnswered> {
  const region = TopicArn.split(':')[3] ?? '';
  const answer = answerUnless(['NotFound', 'NotFoundException'], asker.pages(SUBSCRIPTIONS, { TopicArn }, { region }));
  const pages = await answerOrWhy(answer);
  if (pages instanceof Error) return pages;
  return (pages ?? []).some(({ Subscriptions = [] }) =>
    Subscriptions.some(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:')),
  );
}
