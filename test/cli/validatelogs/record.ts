// Asks awscli 1.46.3 every case and keeps what it says: node --import tsx test/cli/validatelogs/record.ts [AWS_COMMAND] [NAME…]
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { argumentsOf, CASES, worldOf } from './cases.ts';
import { startEndpoint, type TestEndpoint } from './endpoint.ts';
import { World } from './world.ts';

/** What a program said. */
export interface ProgramOutput {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Recording {
  name: string;
  quiet: ProgramOutput;
  verbose: ProgramOutput;
}

export const RECORDINGS = new URL('recorded.json', import.meta.url);

/** The environment in which a program finds the endpoint and nothing else of AWS. */
export function environment(endpoint: TestEndpoint): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_OPTIONS } = process.env;
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example', AWS_DEFAULT_REGION: 'us-west-2' };
  const files = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' };
  return { PATH, HOME, NODE_OPTIONS, ...keys, ...files, AWS_ENDPOINT_URL: endpoint.url, TZ: 'UTC', LC_ALL: 'C.UTF-8' };
}

/** The endpoint's port is another one each time. */
export const withoutPort = ({ code, stdout, stderr }: ProgramOutput): ProgramOutput => ({
  code,
  stdout,
  stderr: stderr.replace(/(127\.0\.0\.1):\d+/g, '$1:PORT'),
});

export function runProgram(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<ProgramOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: ProgramOutput = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    child.on('error', reject).on('close', (code) => resolve(withoutPort({ ...said, code })));
  });
}

async function record(aws: string, name: string): Promise<Recording> {
  const chosen = CASES.find((candidate) => candidate.name === name)!;
  const ask = async (isVerbose: boolean) => {
    const endpoint = await startEndpoint(worldOf(chosen));
    const args = ['cloudtrail', 'validate-logs', ...argumentsOf(chosen), ...(isVerbose ? ['--verbose'] : [])];
    const said = await runProgram(aws, args, environment(endpoint));
    await endpoint.close();
    return said;
  };
  return { name, quiet: await ask(false), verbose: await ask(true) };
}

/** The file: each line of output once, and for each case the numbers of its lines. */
interface Recorded {
  lines: string[];
  cases: Record<string, Record<'quiet' | 'verbose', { code: number | null; stdout: number[]; stderr: number[] }>>;
}

export function readRecordings(): Map<string, Recording> {
  const { lines, cases } = JSON.parse(readFileSync(RECORDINGS, 'utf8')) as Recorded;
  const joined = (numbers: number[]) => numbers.map((number) => lines[number]).join('\n');
  const said = ({ code, stdout, stderr }: Recorded['cases'][string]['quiet']): ProgramOutput => ({
    code,
    stdout: joined(stdout),
    stderr: joined(stderr),
  });
  return new Map(Object.entries(cases).map(([name, { quiet, verbose }]) => [name, { name, quiet: said(quiet), verbose: said(verbose) }]));
}

function writeRecordings(recordings: Recording[]): void {
  const lines: string[] = [];
  const numbers = new Map<string, number>();
  const number = (line: string) => {
    if (!numbers.has(line)) numbers.set(line, lines.push(line) - 1);
    return numbers.get(line)!;
  };
  const folded = ({ code, stdout, stderr }: ProgramOutput) => ({
    code,
    stdout: stdout.split('\n').map(number),
    stderr: stderr.split('\n').map(number),
  });
  const cases = recordings.map(
    ({ name, quiet, verbose }) => `${JSON.stringify(name)}:${JSON.stringify({ quiet: folded(quiet), verbose: folded(verbose) })}`,
  );
  const text = lines.map((line) => JSON.stringify(line)).join(',\n');
  writeFileSync(RECORDINGS, `{"lines":[\n${text}\n],"cases":{\n${cases.join(',\n')}\n}}\n`);
}

async function main(): Promise<void> {
  const [aws = process.env['AWSCLI'] ?? 'aws', ...names] = process.argv.slice(2);
  const { stdout, stderr } = await runProgram(aws, ['--version'], environment(await unused()));
  if (!`${stdout}${stderr}`.startsWith('aws-cli/1.46.3 ')) throw new Error(`\`${aws}\` is not awscli 1.46.3 but ${stdout}${stderr}`);
  const known = names.length > 0 ? readRecordings() : new Map<string, Recording>();
  const wanted = names.length > 0 ? names : CASES.map(({ name }) => name);
  for (let i = 0; i < wanted.length; i += 3)
    for (const recording of await Promise.all(wanted.slice(i, i + 3).map((name) => record(aws, name)))) {
      known.set(recording.name, recording);
      console.log(`${recording.quiet.code} ${recording.name}`);
    }
  writeRecordings(CASES.flatMap(({ name }) => known.get(name) ?? []));
}

/** An endpoint's address that nobody asks. */
async function unused(): Promise<TestEndpoint> {
  const endpoint = await startEndpoint(new World());
  await endpoint.close();
  return endpoint;
}

if (process.argv[1] === new URL(import.meta.url).pathname) await main();
