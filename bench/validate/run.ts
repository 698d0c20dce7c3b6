// Runs awscli and trailbus alternately on the same digests and logs behind the same latency: node --import tsx bench/validate/run.ts
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { startEndpoint } from '../../test/cli/validatelogs/endpoint.ts';
import { environment } from '../../test/cli/validatelogs/record.ts';
import { type ChainTrail, signingKey, trailArn, World } from '../../test/cli/validatelogs/world.ts';

const TEXT = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    ...{
      days: { ...TEXT, default: '30' },
      logs: { ...TEXT, default: '12' },
      latency: { ...TEXT, default: '20' },
      rounds: { ...TEXT, default: '3' },
    },
    ...{ aws: { ...TEXT, default: 'aws' }, concurrency: { ...TEXT, default: '32' }, records: { ...TEXT, default: '24' } },
    ...{ alone: { type: 'boolean', default: false } },
  },
});
const [days, logs, latency, rounds, records] = [values.days, values.logs, values.latency, values.rounds, values.records].map(Number) as [
  ...Array<number>,
] as [number, number, number, number, number];

const trail: ChainTrail = { name: 'bench', homeRegion: 'us-east-1', owner: '111122223333', bucket: 'bench-logs' };
const FROM = new Date('2026-01-01T00:00:00Z');

function benchWorld(): World {
  const world = new World();
  const key = signingKey('bench', '2025-12-01T00:00:00Z', '2027-12-01T00:00:00Z');
  world.addTrail(trail);
  world.addKey(key);
  world.addChain({
    trail,
    account: trail.owner,
    region: 'us-east-1',
    from: FROM,
    hours: Array(days * 24).fill(logs) as number[],
    key,
    records,
  });
  return world;
}

/** Runs a command and prints what the kernel counted of it: seconds of wall and CPU, peak memory. */
const TIMER = `
import json, resource, subprocess, sys, time
begin = time.time()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"code": done.returncode, "wall": time.time() - begin, "cpu": used.ru_utime + used.ru_stime,
                  "megabytes": used.ru_maxrss / 1024, "stdout": done.stdout.decode(), "stderr": done.stderr.decode()}))`;

interface Measured {
  code: number;
  wall: number;
  cpu: number;
  megabytes: number;
  stdout: string;
  stderr: string;
}

const world = benchWorld();
const endpoint = await startEndpoint(world, latency);
const end = new Date(FROM.getTime() + days * 86_400_000).toISOString();
const words = ['--trail-arn', trailArn(trail), '--start-time', FROM.toISOString(), '--end-time', end];
const run = promisify(execFile);

async function measure(command: string[]): Promise<Measured> {
  const { stdout } = await run('python3', ['-c', TIMER, ...command], { env: environment(endpoint), maxBuffer: 2 ** 28 });
  return JSON.parse(stdout) as Measured;
}

const ours = ['node', 'dist/cli/trailbus.js', 'validate-logs', ...words, '--concurrency', values.concurrency];
const theirs = [values.aws, 'cloudtrail', 'validate-logs', ...words];
const show = (name: string, { wall, cpu, megabytes }: Measured) =>
  console.log(
    `${name.padEnd(9)} ${wall.toFixed(1).padStart(7)} s wall ${cpu.toFixed(1).padStart(6)} s CPU ${megabytes.toFixed(0).padStart(5)} MB`,
  );

console.log(`${days} days, ${days * 24} digests, ${days * 24 * logs} log files, ${latency} ms a request, node ${process.version}`);
for (let round = 0; round < rounds; round++) {
  const our = await measure(ours);
  show('trailbus', our);
  if (values.alone) continue;
  const their = await measure(theirs);
  show('awscli', their);
  if (our.stdout !== their.stdout || our.stderr !== their.stderr || our.code !== their.code)
    throw new Error(`they say different things:\n${our.stderr}${our.stdout}\n${their.stderr}${their.stdout}`);
  console.log(`ratio     ${(their.wall / our.wall).toFixed(1).padStart(7)} x wall ${(their.cpu / our.cpu).toFixed(1).padStart(6)} x CPU`);
}
await endpoint.close();
