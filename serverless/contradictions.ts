// Parameters of the stack that make no sense together, each pair with what to do about it.
import type { ParameterName, StackParameters } from './parameters.ts';

interface Contradiction {
  /** The parameters that it looks at; where one of them is wrong by itself, that is said instead. */
  between: ParameterName[];
  isThere: (parameters: StackParameters) => boolean;
  fault: (parameters: StackParameters) => string;
}

const CONTRADICTIONS: Contradiction[] = [
  {
    between: ['topicArn', 'trigger'],
    isThere: ({ topicArn, trigger }) => topicArn !== undefined && trigger !== 'sns' && trigger !== 'sqs',
    fault: ({ trigger }) => `topicArn has no use with trigger \`${trigger}\`: take it out, or choose sns or sqs`,
  },
  {
    between: ['topicArn', 'bucket'],
    isThere: ({ topicArn, bucket }) => topicArn !== undefined && bucket === undefined,
    fault: () => 'topicArn without bucket: name the bucket whose files the topic announces',
  },
  {
    between: ['manageBucketNotifications', 'bucket'],
    isThere: ({ manageBucketNotifications, bucket }) => manageBucketNotifications && bucket === undefined,
    fault: () => 'manageBucketNotifications is for an existing bucket: name it in `bucket`',
  },
  {
    between: ['manageBucketNotifications', 'topicArn'],
    isThere: ({ manageBucketNotifications, topicArn }) => manageBucketNotifications && topicArn !== undefined,
    fault: () => 'manageBucketNotifications with topicArn: the topic announces the files already; take one out',
  },
  {
    between: ['organizationId', 'bucket'],
    isThere: ({ organizationId, bucket }) => organizationId !== undefined && bucket !== undefined,
    fault: () => 'organizationId is for a new trail: take out `bucket`, or organizationId',
  },
  {
    between: ['emit', 'rules', 'detections'],
    isThere: ({ emit, rules, detections }) => emit === 'matched' && rules.length === 0 && !detections,
    fault: () => 'emit is `matched`, and no rules are given: name their file or folder in `rules`',
  },
  {
    between: ['validate', 'validateTrails'],
    isThere: ({ validate, validateTrails }) => validate === false && validateTrails.length > 0,
    fault: () => 'validateTrails have no use with validate `off`: take one out',
  },
  {
    between: ['validate', 'validateTrails', 'bucket'],
    isThere: ({ validate, validateTrails, bucket }) => validate === true && bucket !== undefined && validateTrails.length === 0,
    fault: () => 'validate is `on`, and no trail is known: give the ARN of the trail that writes to `bucket` in validateTrails',
  },
];

/** The faults between parameters, those in `wrong` aside. */
export const faultsBetween = (parameters: StackParameters, wrong: ReadonlySet<ParameterName>): string[] =>
  CONTRADICTIONS.filter(({ between, isThere }) => !between.some((name) => wrong.has(name)) && isThere(parameters)).map(({ fault }) =>
    fault(parameters),
  );
