// Alarms on what CIS wants to be woken for: a trail's log group, a metric filter, an alarm, and somebody who hears it.
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { MetricFilter } from '@aws-sdk/client-cloudwatch-logs';
import { type AskedPlace, type Asker, check, type Line, NotAnswered } from '../events/advice/index.ts';
import { CIS_CONTROLS, type CisControl } from './facts/cisfilters.ts';
import { holesIn, SELECTOR_CALLS, selectorsOf, type TrailSelectors } from './facts/eventselectors.ts';
import { eventFilter } from './facts/filterpattern.ts';
import { ALARM_CALLS, type GroupAlarms, groupAlarms, isTopic, logGroupPlace, metricsOf, watchedBy } from './facts/loggroupalarms.ts';
import { type StandingTrail, standingTrails, TRAIL_CALLS, TRAIL_CHANGES, TRAIL_STATUS_CALLS } from './facts/trails.ts';

const COLUMNS = ['Status', 'Region', 'Control', 'Title', 'Log Group', 'Metric Filter', 'Alarm', 'Reason'] as const;
type AlarmColumn = (typeof COLUMNS)[number];

interface AlarmedTrail extends StandingTrail {
  selectors: TrailSelectors | NotAnswered;
  /** Of its log group; undefined when it has none, or that of another account. */
  watch?: GroupAlarms;
}

async function alarmedTrails(asker: Asker, place: AskedPlace): Promise<AlarmedTrail[]> {
  const trails = (await standingTrails(asker, place)).filter(({ trail }) => trail.IsMultiRegionTrail === true);
  return Promise.all(
    trails.map(async (each) => {
      const group = logGroupPlace(each.trail.CloudWatchLogsLogGroupArn ?? '');
      const [selectors, watch] = await Promise.all([
        ...[selectorsOf(asker, each.trail), group.account === place.account ? groupAlarms(asker, group) : undefined],
      ] as const);
      return { ...each, selectors, ...(watch === undefined ? {} : { watch }) };
    }),
  );
}

/** How far one comes for a control: the further, the closer to being woken. */
interface Reached {
  /** 0: the trail itself; 1: a filter; 2: an alarm; 3: an action; 4: somebody who hears; 5: all is there. */
  step: 0 | 1 | 2 | 3 | 4 | 5;
  reason: string;
  /** Whether what is missing couldn't be asked for. */
  isUnknown?: boolean;
  values?: Partial<Record<AlarmColumn, string>>;
}

const furthest = (reached: readonly Reached[]): Reached | undefined =>
  // What couldn't be asked may be all that is missing.
  [...reached].sort(
    (a, b) => Number(b.step === 5) - Number(a.step === 5) || Number(b.isUnknown ?? false) - Number(a.isUnknown ?? false) || b.step - a.step,
  )[0];

const unknown = (step: Reached['step'], { reason }: NotAnswered): Reached => ({ step, reason, isUnknown: true });

/** What a trail must be before anything else counts; undefined when it is. */
function trailLacks({ trail, status, selectors, watch }: AlarmedTrail): Reached | undefined {
  const its = `trail \`${trail.Name}\``;
  if (status instanceof NotAnswered) return unknown(0, status);
  if (status.IsLogging !== true) return { step: 0, reason: `${its} is not logging` };
  if (selectors instanceof NotAnswered) return unknown(0, selectors);
  const [hole] = holesIn(selectors);
  if (hole !== undefined) return { step: 0, reason: `${its} ${hole}` };
  const group = trail.CloudWatchLogsLogGroupArn;
  if (!group) return { step: 0, reason: `${its} sends nothing to CloudWatch Logs` };
  if (watch === undefined) return { step: 0, reason: `${its} sends to the log group of another account: \`${group}\``, isUnknown: true };
  return undefined;
}

/** Filters that count into one metric: an alarm on it hears each of them. */
interface CountedMetric {
  metric: string;
  names: string;
  /** What of the control none of them matches. */
  misses: string[];
}

function countedMetric(metric: string, filters: readonly MetricFilter[], control: CisControl): CountedMetric | undefined {
  const counting = filters.filter((filter) => metricsOf(filter).includes(metric));
  const compared = counting.flatMap(({ filterPattern = '' }) => eventFilter(filterPattern) ?? []);
  // A filter that matches everything is no filter of this control.
  if (control.leaves.some((event) => compared.some((filter) => filter(event)))) return undefined;
  const missed = Object.entries(control.matches).filter(([, event]) => !compared.some((filter) => filter(event)));
  const names = counting.map(({ filterName = '' }) => `\`${filterName}\``).join(', ');
  return { metric, names, misses: missed.map(([name]) => name) };
}

function filtersReach(filters: readonly MetricFilter[], watch: GroupAlarms, group: string, control: CisControl): Reached {
  const metrics = [...new Set(filters.flatMap(metricsOf))].flatMap((metric) => countedMetric(metric, filters, control) ?? []);
  const whole = metrics.filter(({ misses }) => misses.length === 0);
  const best = furthest(whole.map((counted) => alarmsReach(counted, watch)));
  if (best !== undefined) return best;
  const near = metrics
    .filter(({ misses }) => misses.length < Object.keys(control.matches).length)
    .sort((a, b) => a.misses.length - b.misses.length)[0];
  if (near === undefined) return { step: 1, reason: `no metric filter of \`${group}\` counts these` };
  return {
    step: 1,
    reason: `metric filter ${near.names} does not match ${near.misses.join(', ')}`,
    values: { 'Metric Filter': near.names.replaceAll('`', '') },
  };
}

function alarmsReach({ metric, names }: CountedMetric, { alarms, heard }: GroupAlarms): Reached {
  const values = { 'Metric Filter': names.replaceAll('`', '') };
  if (alarms instanceof NotAnswered) return { ...unknown(2, alarms), values };
  const its = alarms.filter((alarm) => watchedBy(alarm).includes(metric));
  const best = furthest(its.map((alarm) => alarmReach(alarm, heard)));
  return {
    ...(best ?? { step: 2, reason: `no alarm looks at \`${metric}\`, which metric filter ${names} counts into` }),
    values: { ...values, ...best?.values },
  };
}

/** Actions of others than a topic's that reach somebody. */
const REACHING = /^arn:[^:]+:(?:lambda|ssm|ssm-incidents|aiops):/;

function alarmReach({ AlarmName = '', ActionsEnabled, AlarmActions = [] }: MetricAlarm, heard: GroupAlarms['heard']): Reached {
  const values = { Alarm: AlarmName };
  const said = (step: Reached['step'], reason: string): Reached => ({ step, reason: `alarm \`${AlarmName}\` ${reason}`, values });
  if (ActionsEnabled === false) return said(3, 'has its actions turned off');
  const topics = AlarmActions.filter(isTopic);
  if (AlarmActions.some((action) => REACHING.test(action)) || topics.some((topic) => heard.get(topic) === true))
    return said(5, 'tells somebody');
  if (topics.length === 0) return said(3, 'has no action that tells somebody');
  const refused = topics.map((topic) => heard.get(topic)).find((answer) => answer instanceof NotAnswered);
  if (refused instanceof NotAnswered) return { ...unknown(4, refused), values };
  return said(4, `tells \`${topics.join('`, `')}\`, to which nobody is subscribed`);
}

function reachOf(watched: AlarmedTrail, control: CisControl): Reached {
  const lacks = trailLacks(watched);
  if (lacks !== undefined) return lacks;
  const { watch, trail } = watched;
  const { name, region } = logGroupPlace(trail.CloudWatchLogsLogGroupArn!);
  const values = { 'Log Group': name, Region: region };
  const { filters } = watch!;
  if (filters instanceof NotAnswered) return { ...unknown(1, filters), values };
  const reached = filtersReach(filters, watch!, name, control);
  return { ...reached, values: { ...values, ...reached.values } };
}

function lineOf(control: CisControl, trails: readonly AlarmedTrail[]): Line<AlarmColumn> {
  const nothing: Reached = { step: 0, reason: 'the account has no trail of all regions' };
  const { step, reason, isUnknown, values } = furthest(trails.map((watched) => reachOf(watched, control))) ?? nothing;
  const said = `${control.title}: ${reason}`;
  return {
    ...{ resource: control.id, status: step === 5 ? 'ok' : isUnknown === true ? 'not_available' : 'warning', reason: said },
    values: { Control: control.id, Title: control.title, ...values, Reason: said },
  };
}

export default check({
  id: 'trailbus-cis-alarms',
  name: 'CloudWatch Alarms of CIS',
  category: 'security',
  description:
    'Looks, for each of the fourteen events that CIS wants to be told of, for the whole way from a trail of all regions over its log group, a metric filter and an alarm to somebody who is subscribed. Filters are compared by what they match, not by how they are written; those with regular expressions are not read. Rules with targets of our own tell the same without log group and alarm: exclude this check when they do.',
  criteria: {
    yellow: 'the trail, the filter, the alarm, its action or the subscription is missing, or the filter misses some of the events',
    green: 'a filter matches all of the control’s events, and an alarm on its metric tells somebody',
  },
  action:
    'Let a trail of all regions send to a log group, give it a metric filter with the pattern of the control, and an alarm on its metric that tells a topic with a confirmed subscription.',
  references: [
    'https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html',
    'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html',
  ],
  columns: COLUMNS,
  controls: CIS_CONTROLS.map(({ id }) => `securityhub.${id}`),
  scope: 'account',
  calls: [...TRAIL_CALLS, ...TRAIL_STATUS_CALLS, ...SELECTOR_CALLS, ...ALARM_CALLS],
  collect: alarmedTrails,
  judge: (trails) => CIS_CONTROLS.map((control) => lineOf(control, trails)),
  staleAfter: [
    ...TRAIL_CHANGES,
    { source: ['cloudtrail.logs'], detail: { eventName: ['PutMetricFilter', 'DeleteMetricFilter', 'DeleteLogGroup'] } },
    {
      source: ['cloudtrail.monitoring'],
      detail: { eventName: ['PutMetricAlarm', 'DeleteAlarms', 'DisableAlarmActions', 'EnableAlarmActions'] },
    },
    { source: ['cloudtrail.sns'], detail: { eventName: ['Subscribe', 'ConfirmSubscription', 'Unsubscribe', 'DeleteTopic'] } },
  ],
});
