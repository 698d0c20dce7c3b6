// Times detections beside a plain `trailbus run`, alternately, on the same files: what asking costs, and what finding costs on top.
//   node --import tsx bench/detections/run.ts [--records 1000000] [--files 5000] [--rounds 3] [--data DIR]
// Needs a built dist/ and GNU time (/usr/bin/time), which gives CPU seconds and peak memory.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '../..');
/** What Suzaku 2.0 does on records of this kind, in records a CPU second. */
const SUZAKU = 4_100;
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    files: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    data: { type: 'string' },
  },
});

function makeData(): string {
  const dir = values.data ?? join(mkdtempSync(join(tmpdir(), 'trailbus-bench-')), 'logs');
  if (existsSync(dir)) return dir;
  const options = ['--out', dir, '--records', values.records, '--files', values.files, '--seed', '1', '--days', '30'];
  const made = spawnSync(process.execPath, ['--import', 'tsx', 'samples/generate.ts', ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (made.status !== 0) throw new Error('the sample generator failed');
  return dir;
}

/** Beside the sources, for the bundle looks for the command's packages there. */
async function bundle(): Promise<string> {
  const outfile = join(ROOT, 'node_modules/.cache/trailbus-bench/ask.mjs');
  const shared = { bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' } as const;
  await build({ ...shared, entryPoints: [join(HERE, 'ask.ts')], outfile });
  return outfile;
}

interface Timed {
  cpu: number;
  megabytes: number;
  records: number;
}

function timed(args: readonly string[]): Timed {
  const report = join(mkdtempSync(join(tmpdir(), 'trailbus-time-')), 'time');
  const { status, stdout } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', '-o', report, process.execPath, ...args], {
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
  });
  // 1 says that something was found.
  if (status !== 0 && status !== 1) throw new Error(`failed: ${args.join(' ')}`);
  const [user, system, kilobytes] = readFileSync(report, 'utf8').trim().split('\n').at(-1)!.split(' ').map(Number);
  const told = JSON.parse(stdout.trim().split('\n').at(-1)!) as { records: number | { read: number } };
  return {
    cpu: user! + system!,
    megabytes: kilobytes! / 1024,
    records: typeof told.records === 'number' ? told.records : told.records.read,
  };
}

const dir = makeData();
const ask = await bundle();
const command = join(ROOT, 'dist/cli/trailbus.js');
const ways: [string, string[]][] = [
  ['trailbus run --no-rules', [command, 'run', dir, '--json', '--no-rules']],
  ['asking 103 detections by event names', [ask, dir, join(HERE, 'detections.yaml')]],
  ['asking the whole pack', [ask, dir, join(ROOT, 'detections')]],
  ['trailbus run --all-rules', [command, 'run', dir, '--json', '--all-rules']],
];
const times = new Map<string, Timed[]>(ways.map(([name]) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) for (const [name, args] of ways) times.get(name)!.push(timed(args));

const median = (numbers: number[]): number => numbers.toSorted((left, right) => left - right)[numbers.length >> 1]!;
const [plain] = [...times.values()].map((all) => median(all.map(({ cpu }) => cpu)));
console.log(`${cpus()[0]!.model}, Node ${process.version}, ${values.rounds} rounds, medians\n`);
console.log('| | CPU s | of plain | records a CPU second | of Suzaku’s | peak MB |\n| --- | ---: | ---: | ---: | ---: | ---: |');
for (const [name, all] of times) {
  const cpu = median(all.map((each) => each.cpu));
  const rate = all[0]!.records / cpu;
  const figures = [
    cpu.toFixed(1),
    (cpu / plain!).toFixed(2),
    Math.round(rate),
    (rate / SUZAKU).toFixed(1),
    Math.round(median(all.map(({ megabytes }) => megabytes))),
  ];
  console.log(`| ${[name, ...figures].join(' | ')} |`);
}
