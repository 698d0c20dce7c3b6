// The pieces of the stack, in the order a reader would want them. A new piece is a file beside this one, and a line here.
import type { StackPiece } from '../piece.ts';
import { alarms } from './alarms.ts';
import { alert } from './alert.ts';
import { archive } from './archive.ts';
import { bucketNotifications } from './bucketnotifications.ts';
import { bus } from './bus.ts';
import { busKey } from './buskey.ts';
import { keys } from './keys.ts';
import { newTrail } from './newtrail.ts';
import { processFunction } from './process.ts';
import { busRules } from './rules.ts';
import { silence } from './silence.ts';
import { stores } from './stores.ts';
import { tracing } from './tracing.ts';
import { direct } from './trigger/direct.ts';
import { eventBridge } from './trigger/eventbridge.ts';
import { newTopic } from './trigger/newtopic.ts';
import { queueFromBucket } from './trigger/queuefrombucket.ts';
import { queueFromTopic } from './trigger/queuefromtopic.ts';
import { s3 } from './trigger/s3.ts';
import { sns } from './trigger/sns.ts';
import { sqs } from './trigger/sqs.ts';
import { validate } from './validate.ts';

export const PIECES: readonly StackPiece[] = [
  bus,
  archive,
  processFunction,
  stores,
  alert,
  busRules,
  ...[s3, sns, sqs, eventBridge, direct, newTopic, queueFromTopic, queueFromBucket],
  newTrail,
  validate,
  silence,
  bucketNotifications,
  keys,
  busKey,
  tracing,
  alarms,
];
