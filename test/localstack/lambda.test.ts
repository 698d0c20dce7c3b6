// The process executor: Lambda functions on LocalStack without Docker answer, fail, log and end as on Lambda.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import {
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { callService, clients, ENDPOINT, eventually, whyNoLocalStack } from './environment.ts';
import { createFunction, type FunctionSettings, ROLE } from './functions.ts';
import { zipOf } from './zip.ts';

const { lambda } = clients();

async function create(t: TestContext, files: Record<string, string>, settings: FunctionSettings = {}): Promise<string> {
  return (await createFunction(t, lambda, files, settings)).name;
}

async function invoke(name: string, event: unknown = {}) {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail' }));
  const payload = JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null');
  return { payload, failed: answer.FunctionError !== undefined, logs: Buffer.from(answer.LogResult ?? '', 'base64').toString() };
}

async function run(t: TestContext, files: Record<string, string>, settings: FunctionSettings = {}, event: unknown = {}) {
  return invoke(await create(t, files, settings), event);
}

describe('the process executor', { skip: await whyNoLocalStack(), concurrency: 4 }, () => {
  const handlers: [string, string, Record<string, string>][] = [
    ['an ES module', 'index.handler', { 'index.mjs': 'export const handler = async (event) => ({ got: event.word });' }],
    [
      'a .js file in a package of type module',
      'index.handler',
      { 'package.json': '{"type":"module"}', 'index.js': 'export const handler = async (event) => ({ got: event.word });' },
    ],
    ['CommonJS', 'index.handler', { 'index.js': 'exports.handler = async (event) => ({ got: event.word });' }],
    ['a file in a folder', 'out/deep/main.run', { 'out/deep/main.mjs': 'export const run = async (event) => ({ got: event.word });' }],
    ['a nested name', 'index.doors.front', { 'index.mjs': 'export const doors = { front: async (event) => ({ got: event.word }) };' }],
    [
      'a module that imports another and waits at its top',
      'index.handler',
      {
        'index.mjs': "import { word } from './word.mjs'; const got = await word; export const handler = async () => ({ got });",
        'word.mjs': "export const word = Promise.resolve('hello');",
      },
    ],
  ];
  for (const [what, handler, files] of handlers) {
    test(`runs ${what}`, async (t) => {
      const { payload, failed } = await run(t, files, { handler }, { word: 'hello' });
      assert.deepEqual({ payload, failed }, { payload: { got: 'hello' }, failed: false });
    });
  }

  test('keeps an environment from one invocation to the next, and its module state', async (t) => {
    const name = await create(t, { 'index.mjs': 'let count = 0; export const handler = async () => ++count;' });
    assert.deepEqual([(await invoke(name)).payload, (await invoke(name)).payload], [1, 2]);
  });

  test('runs on with new settings after they change', async (t) => {
    const name = await create(t, { 'index.mjs': 'export const handler = async () => process.env.WORD;' }, { variables: { WORD: 'old' } });
    assert.equal((await invoke(name)).payload, 'old');
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Environment: { Variables: { WORD: 'new' } } }));
    const { payload } = await eventually('the new settings', async () => {
      const answer = await invoke(name);
      return answer.payload === 'new' && answer;
    });
    assert.equal(payload, 'new');
  });

  test('freezes an environment between invocations', async (t) => {
    const source = `let ticks = 0; setInterval(() => ticks++, 10); export const handler = async () => ticks;`;
    const name = await create(t, { 'index.mjs': source });
    const before = (await invoke(name)).payload;
    await new Promise((done) => setTimeout(done, 1000));
    assert.ok((await invoke(name)).payload - before < 20, 'left running it would have ticked 100 times');
  });

  test('gives concurrent invocations environments of their own', async (t) => {
    const name = await create(t, {
      'index.mjs': 'export const handler = async () => { await new Promise((done) => setTimeout(done, 1500)); return process.pid; };',
    });
    const answers = await Promise.all([invoke(name), invoke(name), invoke(name)]);
    assert.equal(new Set(answers.map((answer) => answer.payload)).size, 3);
  });

  test('hands over a context with the deadline, names and request id', async (t) => {
    const source = `export const handler = async (_, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() });`;
    const { payload } = await run(t, { 'index.mjs': source }, { timeoutSeconds: 7, memoryMegabytes: 192 });
    assert.ok(payload.remaining > 1000 && payload.remaining <= 7000, `remaining ${payload.remaining}`);
    assert.match(payload.awsRequestId, /^[0-9a-f-]{36}$/);
    assert.equal(payload.memoryLimitInMB, '192');
    assert.equal(payload.functionVersion, '$LATEST');
    assert.match(payload.invokedFunctionArn, new RegExp(`:function:${payload.functionName}$`));
    assert.equal(payload.logGroupName, `/aws/lambda/${payload.functionName}`);
  });

  test('gives null where a handler returns nothing', async (t) => {
    const { payload, failed } = await run(t, { 'index.mjs': 'export const handler = async () => {};' });
    assert.deepEqual({ payload, failed }, { payload: null, failed: false });
  });

  test('enforces the timeout, then starts afresh', async (t) => {
    const source = `let calls = 0; export const handler = async (event) => { calls++; if (event.hang) for (;;); return calls; };`;
    const name = await create(t, { 'index.mjs': source }, { timeoutSeconds: 2 });
    assert.equal((await invoke(name)).payload, 1);
    const { payload, failed, logs } = await invoke(name, { hang: true });
    assert.ok(failed);
    assert.equal(payload.errorType, 'Sandbox.Timedout');
    assert.match(payload.errorMessage, /^RequestId: [0-9a-f-]{36} Error: Task timed out after 2\.00 seconds$/);
    assert.match(logs, /Task timed out after 2\.00 seconds/);
    assert.equal((await invoke(name)).payload, 1, 'module state is new after a timeout');
  });

  test('ends a process that takes more memory than the function has', async (t) => {
    const source = `export const handler = async () => { const kept = []; for (;;) { kept.push(Buffer.alloc(16e6, 1)); await new Promise(setImmediate); } };`;
    const { payload, failed } = await run(t, { 'index.mjs': source }, { memoryMegabytes: 160 });
    assert.ok(failed);
    assert.equal(payload.errorType, 'Runtime.ExitError');
    assert.match(payload.errorMessage, /Runtime exited with error: signal: killed$/);
  });

  const failures: [string, string, { errorType: string; errorMessage: RegExp }][] = [
    ['an error thrown', `throw new TypeError('no good');`, { errorType: 'TypeError', errorMessage: /^no good$/ }],
    ['something else thrown', `throw 'a word';`, { errorType: 'string', errorMessage: /^a word$/ }],
    [
      'a rejection nobody handles',
      `Promise.reject(new Error('lost')); await new Promise((done) => setTimeout(done, 5000));`,
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: /^Error: lost$/ },
    ],
    [
      'an exception outside the promise',
      `setTimeout(() => { throw new RangeError('late'); }); await new Promise((done) => setTimeout(done, 5000));`,
      { errorType: 'RangeError', errorMessage: /^late$/ },
    ],
    ['an exit', `process.exit(7);`, { errorType: 'Runtime.ExitError', errorMessage: /Runtime exited with error: exit status 7$/ }],
    ['an exit with 0', `process.exit(0);`, { errorType: 'Runtime.ExitError', errorMessage: /Runtime exited without providing a reason$/ }],
    [
      'a result above 6 MB',
      `return 'x'.repeat(6.5e6);`,
      { errorType: 'Function.ResponseSizeTooLarge', errorMessage: /maximum allowed payload size \(6291556 bytes\)/ },
    ],
    ['a result that is no JSON', `return { n: 1n };`, { errorType: 'TypeError', errorMessage: /BigInt/ }],
  ];
  for (const [what, body, expected] of failures) {
    test(`answers ${what} with ${expected.errorType}`, async (t) => {
      const { payload, failed } = await run(t, { 'index.mjs': `export const handler = async () => { ${body} };` });
      assert.ok(failed);
      assert.equal(payload.errorType, expected.errorType);
      assert.match(payload.errorMessage, expected.errorMessage);
    });
  }

  const loads: [string, string, Record<string, string>, { errorType: string; errorMessage: RegExp }][] = [
    [
      'a missing file',
      'gone.handler',
      { 'a.mjs': '' },
      { errorType: 'Runtime.ImportModuleError', errorMessage: /Cannot find module 'gone'/ },
    ],
    [
      'a missing import',
      'index.handler',
      { 'index.mjs': `import 'not-there'; export const handler = async () => 1;` },
      { errorType: 'Runtime.ImportModuleError', errorMessage: /not-there/ },
    ],
    [
      'a missing export',
      'index.handler',
      { 'index.mjs': 'export const other = 1;' },
      { errorType: 'Runtime.HandlerNotFound', errorMessage: /^index\.handler is undefined or not exported$/ },
    ],
    [
      'a syntax error',
      'index.handler',
      { 'index.mjs': 'export const handler = async () => {' },
      { errorType: 'Runtime.UserCodeSyntaxError', errorMessage: /^SyntaxError: / },
    ],
    [
      'a throw at the top',
      'index.handler',
      { 'index.mjs': `throw new EvalError('top');` },
      { errorType: 'EvalError', errorMessage: /^top$/ },
    ],
    [
      'an exit at the top',
      'index.handler',
      { 'index.mjs': `process.exit(3);` },
      { errorType: 'Runtime.ExitError', errorMessage: /exit status 3$/ },
    ],
  ];
  for (const [what, handler, files, expected] of loads) {
    test(`answers every invocation of a function with ${what} with ${expected.errorType}`, async (t) => {
      const name = await create(t, files, { handler });
      for (const { payload, failed, logs } of [await invoke(name), await invoke(name)]) {
        assert.ok(failed);
        assert.equal(payload.errorType, expected.errorType);
        assert.match(payload.errorMessage, expected.errorMessage);
        assert.match(logs, /INIT_START/);
      }
    });
  }

  test('returns the log lines of the invocation and keeps them in CloudWatch Logs', async (t) => {
    const source = `export const handler = async (event) => { console.log('said %s', event.word); console.error('and failed'); };`;
    const name = await create(t, { 'index.mjs': source });
    await invoke(name, { word: 'first' });
    const { logs } = await invoke(name, { word: 'second' });
    assert.match(logs, /^START RequestId: [0-9a-f-]{36} Version: \$LATEST\n/);
    assert.match(logs, /\tINFO\tsaid second\n.*\tERROR\tand failed\n/);
    assert.match(logs, /REPORT RequestId: .*Memory Size: 256 MB\tMax Memory Used: \d+ MB/);
    assert.doesNotMatch(logs, /first/);
    const body = JSON.stringify({ logGroupName: `/aws/lambda/${name}` });
    await eventually('the lines in CloudWatch Logs', async () => {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.FilterLogEvents' };
      const { text } = await callService({ service: 'logs', headers, body });
      return text.includes('said first') && text.includes('said second');
    });
  });

  test('gives a function its own variables and none of the machine', async (t) => {
    const { payload } = await run(
      t,
      { 'index.mjs': 'export const handler = async () => process.env;' },
      { variables: { MINE: 'yes', LANG: 'C' } },
    );
    assert.equal(payload.MINE, 'yes');
    assert.equal(payload.LANG, 'C');
    assert.equal(payload.AWS_ENDPOINT_URL, ENDPOINT);
    assert.equal(payload.AWS_REGION, 'us-east-1');
    assert.equal(payload.AWS_EXECUTION_ENV, 'AWS_Lambda_nodejs22.x');
    assert.ok(payload.AWS_ACCESS_KEY_ID && payload.AWS_SECRET_ACCESS_KEY);
    const allowed =
      /^(AWS_|_?X_AMZN_|_AWS_XRAY|_X_AMZN|LOCALSTACK_|EDGE_PORT$|_HANDLER$|LAMBDA_TASK_ROOT$|LAMBDA_RUNTIME_DIR$)|^(PATH|HOME|TMPDIR|TZ|LANG|MINE)$/;
    assert.deepEqual(
      Object.keys(payload).filter((name) => !allowed.test(name)),
      [],
    );
  });

  test('reaches LocalStack from a function, with credentials of its role', async (t) => {
    const source = `export const handler = async () => (await fetch(process.env.AWS_ENDPOINT_URL + '/_localstack/health')).status;`;
    assert.equal((await run(t, { 'index.mjs': source })).payload, 200);
  });

  test('refuses a function of another runtime and says why', async () => {
    const name = `executor-${randomUUID()}`;
    const code = { ZipFile: zipOf({ 'index.py': 'def handler(event, context): return 1' }) };
    await lambda.send(
      new CreateFunctionCommand({ FunctionName: name, Role: ROLE, Runtime: 'python3.12', Handler: 'index.handler', Code: code }),
    );
    const { StateReason: reason } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    assert.match(reason ?? '', /the process executor runs nodejs functions, not python3\.12$/);
  });
});
