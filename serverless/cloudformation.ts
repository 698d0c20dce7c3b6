// The words of CloudFormation that the pieces of the stack are written in.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation

/** What may stand in a template: JSON. */
export type TemplateValue = string | number | boolean | TemplateObject | readonly TemplateValue[];
export interface TemplateObject {
  readonly [name: string]: TemplateValue;
}

export interface Resource {
  Type: string;
  DependsOn?: string | string[];
  UpdateReplacePolicy?: 'Retain' | 'Delete';
  DeletionPolicy?: 'Retain' | 'Delete';
  Properties: TemplateObject;
}

export interface StackOutput {
  Description?: string;
  Value: TemplateValue;
}

export type Resources = Record<string, Resource>;
export type Outputs = Record<string, StackOutput>;

/** What only the account knows, for texts that go through `sub`. */
export const PARTITION = '${AWS::Partition}';
export const REGION = '${AWS::Region}';
export const ACCOUNT = '${AWS::AccountId}';

/** A property that is as if it were not there. */
export const NO_VALUE = { Ref: 'AWS::NoValue' };

export const ref = (resource: string) => ({ Ref: resource });
export const getAtt = (resource: string, attribute: string) => ({ 'Fn::GetAtt': [resource, attribute] });
export const getArn = (resource: string) => getAtt(resource, 'Arn');

/** A text whose placeholders CloudFormation fills in; without any it stays as it is. */
export const sub = (text: string): TemplateValue => (text.includes('${') ? { 'Fn::Sub': text } : text);

/** What lies below a resource's ARN: a bucket's objects. */
export const arnBelow = (resource: string, path: string) => sub(`\${${resource}.Arn}${path}`);

export interface Statement extends TemplateObject {
  Effect: 'Allow' | 'Deny';
  Action: string | readonly string[];
  Resource: TemplateValue;
}

export const policyDocument = (...statements: Statement[]): TemplateObject => ({ Version: '2012-10-17', Statement: statements });

/** Lets a role do more than it was made with. */
export const rolePolicy = (role: string, name: string, ...statements: Statement[]): Resource => ({
  Type: 'AWS::IAM::RolePolicy',
  Properties: { RoleName: ref(role), PolicyName: name, PolicyDocument: policyDocument(...statements) },
});

/** Lets a service send to a queue, on behalf of what the condition names. */
export const maySend = (queue: string, service: string, condition: TemplateObject, sid?: string): Resource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [ref(queue)],
    PolicyDocument: policyDocument({
      ...(sid !== undefined && { Sid: sid }),
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sqs:SendMessage',
      Resource: getArn(queue),
      Condition: condition,
    }),
  },
});

/** Lets a service invoke a function. */
export const mayInvoke = (lambda: string, service: string, from: TemplateObject): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: { Action: 'lambda:InvokeFunction', FunctionName: getArn(lambda), Principal: service, ...from },
});
