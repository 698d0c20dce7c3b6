// Small Lambda functions that tests make, deleted with their test: every environment is a process, so none may be left behind.
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { CreateFunctionCommand, DeleteFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { STACK_ACCOUNT } from './environment.ts';
import { zipOf } from './zip.ts';

export const ROLE = `arn:aws:iam::${STACK_ACCOUNT}:role/lambda`;

export interface FunctionSettings {
  handler?: string;
  timeoutSeconds?: number;
  memoryMegabytes?: number;
  variables?: Record<string, string>;
}

/** Makes a function of the files by name, and gives its name and ARN. */
export async function createFunction(t: TestContext, lambda: LambdaClient, files: Record<string, string>, settings: FunctionSettings = {}) {
  const name = `test-${randomUUID()}`;
  const { FunctionArn: arn = '' } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: ROLE,
      Runtime: 'nodejs22.x',
      Handler: settings.handler ?? 'index.handler',
      Timeout: settings.timeoutSeconds ?? 20,
      MemorySize: settings.memoryMegabytes ?? 256,
      Environment: { Variables: settings.variables ?? {} },
      Code: { ZipFile: zipOf(files) },
    }),
  );
  t.after(() => lambda.send(new DeleteFunctionCommand({ FunctionName: name })));
  return { name, arn };
}
