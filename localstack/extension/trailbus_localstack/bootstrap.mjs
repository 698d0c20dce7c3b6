// Runs one Lambda function in this process: requests come in on standard input, answers leave on the pipe named by the last argument,
// one JSON line each. Error shapes and log lines are those of Lambda's own Node runtime.
import { statSync, writeSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const ANSWERS = Number(process.argv.at(-1));
const ENDINGS = ['', '.js', '.mjs', '.cjs'];
/** What Node's runtime on Lambda leaves with after an unhandled rejection and after an uncaught exception. */
const EXIT_REJECTION = 128;
const EXIT_EXCEPTION = 129;

/** The invocation now running: its id stands in every log line. */
let requestId;

class RuntimeError extends Error {
  constructor(name, message, stack) {
    super(message);
    this.name = name;
    if (stack) this.stack = stack;
  }
}

function answer(value) {
  let bytes = Buffer.from(`${JSON.stringify(value)}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(ANSWERS, bytes));
}

function errorShape(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
}

/** Console lines as Lambda writes them: time, request id, level and text, parted by tabs. */
function patchConsole() {
  const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', trace: 'TRACE', warn: 'WARN', error: 'ERROR' };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...values) => process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${format(...values)}\n`);
  }
}

/** Splits `folder/file.export.nested` as Lambda does: the file name ends at its first dot. */
function splitHandler(text) {
  const parts = /^([^.]+)\.(.+)$/.exec(basename(text));
  if (!parts || text.includes('..')) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  return { file: resolve(process.env.LAMBDA_TASK_ROOT, dirname(text), parts[1]), path: parts[2].split('.') };
}

async function importModule(file) {
  const found = ENDINGS.map((ending) => file + ending).find((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
  if (!found) throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${basename(file)}'`);
  try {
    return await import(pathToFileURL(found).href);
  } catch (error) {
    const missing = error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'MODULE_NOT_FOUND';
    if (missing) throw new RuntimeError('Runtime.ImportModuleError', `Error: ${error.message}`, error.stack);
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`, error.stack);
    throw error;
  }
}

async function loadHandler(text) {
  const { file, path } = splitHandler(text);
  const module = await importModule(file);
  const reach = (from) => path.reduce((value, name) => value?.[name], from);
  const handler = reach(module) ?? reach(module.default);
  if (typeof handler !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${text} is undefined or not exported`);
  if (handler.length > 2) {
    throw new RuntimeError('Runtime.CallbackHandlerDeprecated', 'handlers with a callback are not run here: write an async function');
  }
  return handler;
}

function contextOf(request) {
  const { env } = process;
  return {
    awsRequestId: request.id,
    invokedFunctionArn: request.arn,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => request.deadlineMillis - Date.now(),
  };
}

async function invoke(handler, request) {
  requestId = request.id;
  process.env._X_AMZN_TRACE_ID = request.trace;
  try {
    const result = await handler(JSON.parse(request.event), contextOf(request));
    return { payload: JSON.stringify(result === undefined ? null : result) };
  } catch (error) {
    console.error('Invoke Error \t%s', JSON.stringify(errorShape(error)));
    return { error: errorShape(error) };
  }
}

/** A failure outside the handler's own promise ends the process; whoever waits for an answer gets the reason. */
function leaveWith(error, title, code) {
  console.error('%s \t%s', title, JSON.stringify(errorShape(error)));
  answer({ error: errorShape(error), leaving: true });
  process.exit(code);
}

patchConsole();
process.on('uncaughtException', (error) => leaveWith(error, 'Uncaught Exception', EXIT_EXCEPTION));
process.on('unhandledRejection', (reason) => {
  const error = new RuntimeError(
    'Runtime.UnhandledPromiseRejection',
    reason instanceof Error ? String(reason) : format(reason),
    reason?.stack,
  );
  leaveWith(error, 'Unhandled Promise Rejection', EXIT_REJECTION);
});

let handler;
try {
  handler = await loadHandler(process.env._HANDLER);
} catch (error) {
  leaveWith(error, 'Uncaught Exception', EXIT_EXCEPTION);
}
answer({ ready: true });
for await (const line of createInterface({ input: process.stdin })) answer(await invoke(handler, JSON.parse(line)));
process.exit(0);
