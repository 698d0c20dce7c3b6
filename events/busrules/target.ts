// A target in EventBridge's own words, checked as EventBridge would check it.
// Sources: EventBridge API reference, `Target` and what it is made of; user guide, "Event bus targets" (read 2026-11-28).
import * as z from 'zod';

/** What EventBridge delivers to, by service and resource of the ARN. The file may name others, with a role of its own. */
const KINDS = {
  topic: { service: 'sns', resource: /^[\w-]{1,256}$/, form: 'arn:aws:sns:REGION:ACCOUNT:NAME' },
  queue: { service: 'sqs', resource: /^[\w-]{1,80}(\.fifo)?$/, form: 'arn:aws:sqs:REGION:ACCOUNT:NAME' },
  function: { service: 'lambda', resource: /^function:[\w-]+(:[\w$-]+)?$/, form: 'arn:aws:lambda:REGION:ACCOUNT:function:NAME' },
  stateMachine: { service: 'states', resource: /^stateMachine:[\w-]+(:[\w-]+)?$/, form: 'arn:aws:states:REGION:ACCOUNT:stateMachine:NAME' },
  logGroup: { service: 'logs', resource: /^log-group:[\w./#-]{1,512}(:\*)?$/, form: 'arn:aws:logs:REGION:ACCOUNT:log-group:NAME' },
  bus: { service: 'events', resource: /^event-bus\/[\w./-]+$/, form: 'arn:aws:events:REGION:ACCOUNT:event-bus/NAME' },
  apiDestination: {
    service: 'events',
    resource: /^api-destination\/[\w.-]+\/[\w-]+$/,
    form: 'arn:aws:events:REGION:ACCOUNT:api-destination/NAME/ID',
  },
} as const;

export type TargetKind = keyof typeof KINDS | 'other';

/** What may stand in the place of what only the account knows. */
const ARN =
  /^arn:(?:aws[a-z-]*|\$\{AWS::Partition\}):([a-z0-9-]+):(?:[a-z]{2}(?:-[a-z]+)+-\d|\$\{AWS::Region\}):(?:\d{12}|\$\{AWS::AccountId\}):(.+)$/;
const ROLE_ARN = /^arn:(?:aws[a-z-]*|\$\{AWS::Partition\}):iam::(?:\d{12}|\$\{AWS::AccountId\}):role\/.+$/;

/** The kind of target that an ARN names; undefined for what is no ARN of one. */
export function targetKindOf(arn: string): TargetKind | undefined {
  const [, service, resource = ''] = ARN.exec(arn) ?? [];
  if (service === undefined) return undefined;
  const ofService = Object.entries(KINDS).filter(([, kind]) => kind.service === service);
  if (ofService.length === 0) return 'other';
  return ofService.find(([, kind]) => kind.resource.test(resource))?.[0] as TargetKind | undefined;
}

function arnFault(arn: string): string | undefined {
  if (targetKindOf(arn) !== undefined) return undefined;
  const forms = Object.values(KINDS).filter(({ service }) => arn.split(':')[2] === service);
  const [first, ...more] = (forms.length > 0 ? forms : [KINDS.queue]).map(({ form }) => form);
  return `is no ARN of a target: write ${[first, ...more].join(' or ')}`;
}

const targetArn = z.string().superRefine((arn, context) => {
  const message = arnFault(arn);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});
const queueArn = z.string().refine((arn) => targetKindOf(arn) === 'queue' && !arn.endsWith('.fifo'), 'must be the ARN of a standard queue');
const text = z.string().min(1, 'must not be empty');
const longText = z.string().max(8_192);
/** Settings of services that this doesn't know: CloudFormation checks them. */
const asGiven = z.record(z.string(), z.unknown());

export const targetSchema = z
  .strictObject({
    Arn: targetArn.describe('the ARN of what is delivered to'),
    Id: z
      .string()
      .regex(/^[.\w-]{1,64}$/, 'must be of up to 64 letters, digits, dots, dashes and underscores')
      .optional()
      .describe('what the rule calls the target'),
    RoleArn: z
      .string()
      .regex(ROLE_ARN, 'must be the ARN of an IAM role')
      .optional()
      .describe('the role that delivers, where one of your own is wanted'),
    Input: longText.optional().describe('JSON that the target is given in the event’s place'),
    InputPath: z
      .string()
      .max(256)
      .regex(/^\$/, 'must be a path such as $.detail')
      .optional()
      .describe('the part of the event that the target is given'),
    InputTransformer: z
      .strictObject({
        InputPathsMap: z
          .record(z.string(), text)
          .refine((paths) => Object.keys(paths).length <= 100, 'has more than 100 paths')
          .optional()
          .describe('paths of the event by the names that the template has for them'),
        InputTemplate: longText.min(1, 'must not be empty').describe('what the target is given, with <name> for each of them'),
      })
      .optional()
      .describe('what the target is given, made of the event'),
    RetryPolicy: z
      .strictObject({
        MaximumRetryAttempts: z.int().min(0).max(185).optional().describe('how often delivery is tried again'),
        MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional().describe('how long delivery is tried'),
      })
      .optional()
      .describe('how delivery is tried again; EventBridge’s own is 185 times in 24 hours'),
    DeadLetterConfig: z
      .strictObject({ Arn: queueArn.describe('the queue’s ARN') })
      .optional()
      .describe('the queue for what could not be delivered; by default the stack’s'),
    SqsParameters: z
      .strictObject({ MessageGroupId: text.describe('the group of its messages') })
      .optional()
      .describe('for a FIFO queue'),
    ...{
      HttpParameters: asGiven.optional().describe('for an API destination, as CloudFormation has them'),
      KinesisParameters: asGiven.optional().describe('for a stream, as CloudFormation has them'),
      EcsParameters: asGiven.optional().describe('for an ECS task, as CloudFormation has them'),
    },
    ...{
      BatchParameters: asGiven.optional().describe('for a Batch job, as CloudFormation has them'),
      RunCommandParameters: asGiven.optional().describe('for Run Command, as CloudFormation has them'),
      AppSyncParameters: asGiven.optional().describe('for AppSync, as CloudFormation has them'),
    },
    ...{
      RedshiftDataParameters: asGiven.optional().describe('for Redshift, as CloudFormation has them'),
      SageMakerPipelineParameters: asGiven.optional().describe('for a SageMaker pipeline, as CloudFormation has them'),
    },
  })
  .superRefine((target, context) => {
    for (const { at, message } of faultsTogether(target)) context.addIssue({ code: 'custom', path: [at], message });
  });

export type TargetFields = z.output<typeof targetSchema>;

/** What trailbus.yml may say under a target's name. */
export const namedTarget = z.union([targetArn.transform((Arn): TargetFields => ({ Arn })), targetSchema]);

/** What a rule file may say: that, with the ARN where it names one alone. */

type Together = { Arn: string } & { [Name in Exclude<keyof TargetFields, 'Arn'>]?: TargetFields[Name] | undefined };

/** What is wrong only together. */
function faultsTogether(target: Together): { at: keyof TargetFields; message: string }[] {
  const kind = targetKindOf(target.Arn);
  const inputs = (['Input', 'InputPath', 'InputTransformer'] as const).filter((name) => target[name] !== undefined);
  const faults: { at: keyof TargetFields; message: string }[] = [];
  if (inputs.length > 1) faults.push({ at: inputs[1]!, message: `doesn’t go with ${inputs[0]}: a target takes one of them` });
  if (kind === 'bus' && inputs.length > 0) faults.push({ at: inputs[0]!, message: 'has no use: a bus takes the event as it is' });
  if (kind === 'logGroup' && target.RoleArn !== undefined)
    faults.push({ at: 'RoleArn', message: 'has no use: a log group is written to by its own policy' });
  if (kind === 'queue' && target.Arn.endsWith('.fifo') && target.SqsParameters === undefined)
    faults.push({ at: 'Arn', message: 'is a FIFO queue: add SqsParameters with a MessageGroupId' });
  if (kind === 'other' && target.RoleArn === undefined)
    faults.push({ at: 'Arn', message: 'is of a service that needs a role: add RoleArn, which may call it' });
  return faults;
}
