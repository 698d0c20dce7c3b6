// The table of alarms as CloudFormation takes it.
import { ALARMS, type Alarm, type Measured } from '../alarmtable.ts';
import { getAtt, type Resource, ref, type TemplateObject } from '../cloudformation.ts';
import type { Deployment } from '../deployment.ts';
import type { StackPiece } from '../piece.ts';

function source(measured: Measured, stackName: string): TemplateObject {
  if (measured === 'service') return { Namespace: 'Trailbus', Dimensions: [{ Name: 'service', Value: stackName }] };
  if ('queue' in measured) return { Namespace: 'AWS/SQS', Dimensions: [{ Name: 'QueueName', Value: getAtt(measured.queue, 'QueueName') }] };
  return { Namespace: 'AWS/Lambda', Dimensions: [{ Name: 'FunctionName', Value: ref(measured.function) }] };
}

const resourceOf = (alarm: Alarm, { stackName, parameters }: Deployment): Resource => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: `${alarm.says}. What to do - docs/operations.md, ${alarm.name}`,
    ...source(alarm.of, stackName),
    MetricName: alarm.metric,
    Statistic: alarm.statistic,
    ...(alarm.unit !== undefined && { Unit: alarm.unit }),
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.periods,
    ...(alarm.periodsAbove !== undefined && { DatapointsToAlarm: alarm.periodsAbove }),
    Threshold: alarm.threshold,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: alarm.isSilenceBad ? 'breaching' : 'notBreaching',
    AlarmActions: parameters.alarmTopicArn,
  },
});

export const alarms: StackPiece = {
  resources: (deployment) => {
    const present = ALARMS.filter(({ isPart }) => isPart?.(deployment) ?? true);
    return Object.fromEntries(present.map((alarm) => [alarm.name, resourceOf(alarm, deployment)]));
  },
};
