// The table of alarms, and what CloudFormation is told of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALARMS } from '../../serverless/alarmtable.ts';
import { alarms } from '../../serverless/pieces/alarms.ts';
import { deploymentOf, type GivenTexts } from './deployments.ts';

const ROOT = join(import.meta.dirname, '../..');

const alarmsOf = (given: GivenTexts) => alarms.resources!(deploymentOf(given));

test('a row is an alarm as CloudWatch takes it: a queue that should be empty', () =>
  assert.deepEqual(alarmsOf({ alarmTopicArn: 'arn:a, arn:b' })['ParkedEntriesAlarm'], {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription:
        'The bus refused an entry for good; it waits in the queue of parked entries. What to do - docs/operations.md, ParkedEntriesAlarm',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['ParkedEntriesQueue', 'QueueName'] } }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: ['arn:a', 'arn:b'],
    },
  }));

test('a number of our own that must not be silent is looked at under the name of the stack', () => {
  const { Properties } = alarmsOf({})['ValidationLagAlarm']!;
  assert.deepEqual(Properties['Dimensions'], [{ Name: 'service', Value: 'trailbus-test' }]);
  assert.deepEqual([Properties['Namespace'], Properties['Unit'], Properties['Threshold']], ['Trailbus', 'Seconds', 4 * 3600]);
  assert.equal(Properties['TreatMissingData'], 'breaching');
});

test('a stack has seven alarms, five more with detections, three more with validation, one for silence, and one with rules that have targets, as docs/deploy.md says under what it costs', () => {
  for (const trigger of ['s3', 'sns', 'sqs', 'eventbridge']) {
    assert.equal(Object.keys(alarmsOf({ trigger, validate: 'off', detections: 'off', silentAfter: '0' })).length, 7, trigger);
    assert.equal(Object.keys(alarmsOf({ trigger, validate: 'off', silentAfter: '0' })).length, 12, trigger);
    assert.equal(Object.keys(alarmsOf({ trigger, silentAfter: '0' })).length, 15, trigger);
    assert.equal(Object.keys(alarmsOf({ trigger })).length, 16, trigger);
  }
  const withTargets = deploymentOf({}, ['pattern: { source: [a] }\ntargets: arn:aws:sqs:us-east-1:111122223333:q\n']);
  assert.equal(Object.keys(alarms.resources!(withTargets)).length, 17);
  const said =
    /seven alarms, five more with detections, three more with validation, one more for silence, one more with rules that have targets/;
  assert.match(readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8').replace(/\s+/g, ' '), said);
});

test('no two alarms have one name', () => assert.equal(new Set(ALARMS.map(({ name }) => name)).size, ALARMS.length));

test('an alarm on a number of our own names one that a function publishes', () => {
  const published = ['process', 'validate'].map((name) => readFileSync(join(ROOT, `functions/${name}.ts`), 'utf8')).join();
  const ours = ALARMS.filter(({ of }) => of === 'service').map(({ metric }) => metric);
  assert.ok(ours.length > 3);
  assert.deepEqual(
    ours.filter((metric) => !new RegExp(`\\b${metric}\\b`).test(published)),
    [],
  );
});

/** Above what each alarm goes off, in how many minutes, as docs/operations.md says in words. */
const GOES_OFF: Record<string, [threshold: number, minutes: number, statistic: string]> = {
  FailedNotificationsAlarm: [0, 1, 'Maximum'],
  LostNotificationsAlarm: [0, 5, 'Sum'],
  ParkedEntriesAlarm: [0, 1, 'Maximum'],
  QuarantinedFilesAlarm: [0, 5, 'Sum'],
  QuarantinedRecordsAlarm: [0, 5, 'Sum'],
  ErrorsAlarm: [0, 5, 'Sum'],
  ThrottlesAlarm: [0, 15, 'Sum'],
  OldestNotificationAlarm: [15 * 60, 5, 'Maximum'],
  FailedHitsAlarm: [0, 1, 'Maximum'],
  FailedEventsAlarm: [0, 1, 'Maximum'],
  AlertErrorsAlarm: [0, 5, 'Sum'],
  AlertThrottlesAlarm: [0, 15, 'Sum'],
  OldestHitAlarm: [15 * 60, 5, 'Maximum'],
  DetectionFaultsAlarm: [0, 5, 'Sum'],
  InvalidFilesAlarm: [0, 120, 'Maximum'],
  ValidateErrorsAlarm: [0, 60, 'Sum'],
  ValidationLagAlarm: [4 * 3600, 180, 'Maximum'],
  SilenceErrorsAlarm: [0, 60, 'Sum'],
};

for (const trigger of ['s3', 'sqs'])
  test(`with trigger ${trigger}, an alarm goes off at the first of what must never be, and after the time that is too long`, () => {
    const known = Object.entries(alarmsOf({ trigger })).map(([name, { Properties: p }]) => [
      name,
      [p['Threshold'], (Number(p['Period']) * Number(p['EvaluationPeriods'])) / 60, p['Statistic']],
    ]);
    assert.ok(known.length > 9);
    assert.deepEqual(
      known,
      known.map(([name]) => [name, GOES_OFF[name as string]]),
    );
  });
