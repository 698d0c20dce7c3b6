// Times `trailbus run DIR --emit -` beside other ways to turn log files into lines, alternately, on the same files.
//   node bench/ingest/run.mjs [--records 100000] [--files 500] [--rounds 5] [--data DIR]
// Reads GNU time (/usr/bin/time) for CPU seconds and peak memory. Peers that aren't installed are left out; PYTHON names the one that has isal, orjson, duckdb.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '../..');
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '100000' },
    files: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '5' },
    data: { type: 'string' },
  },
});
const PYTHON = process.env.PYTHON ?? 'python3';
const JQ_ENTRY = '.Records[] | {Time: .eventTime, Source: .eventSource, DetailType: "AWS API Call via CloudTrail", Detail: tojson}';

const succeeds = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Name, shell command for a folder, and whether it is there. */
const PEERS = [
  ['trailbus run --emit -', (dir) => `${process.execPath} ${ROOT}/dist/cli/trailbus.js run ${dir} --emit - 2>/dev/null`, true],
  ['Node slicer, checks nothing', (dir) => `${process.execPath} ${HERE}/peers/slicer.mjs ${dir}`, true],
  ['Node JSON.parse + stringify', (dir) => `${process.execPath} ${HERE}/peers/parse.mjs ${dir}`, true],
  ['Python isal + orjson', (dir) => `${PYTHON} ${HERE}/peers/isal_orjson.py ${dir}`, succeeds(PYTHON, '-c', 'import isal, orjson')],
  ['zcat | jq', (dir) => `find ${dir} -name '*.json.gz' -print0 | xargs -0 zcat | jq -c '${JQ_ENTRY}'`, succeeds('jq', '--version')],
  ['DuckDB, records only', (dir) => `${PYTHON} ${HERE}/peers/duck.py ${dir}`, succeeds(PYTHON, '-c', 'import duckdb')],
];

function makeData() {
  const dir = values.data ?? join(mkdtempSync(join(tmpdir(), 'trailbus-bench-')), 'logs');
  if (existsSync(dir)) return dir;
  const args = [
    '--import',
    'tsx',
    'samples/generate.ts',
    '--out',
    dir,
    '--records',
    values.records,
    '--files',
    values.files,
    '--seed',
    '1',
  ];
  const made = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  if (made.status !== 0) throw new Error('the sample generator failed');
  return dir;
}

/** Every record of the input must come out once, as it stood: what the slicer cuts from the files decides. Needs jq. */
function check(dir) {
  const out = spawnSync('bash', ['-c', `${PEERS[0][1](dir)} | jq -r .Detail | LC_ALL=C sort | sha256sum`], {
    encoding: 'utf8',
  }).stdout;
  const slicer = spawnSync('bash', ['-c', `${PEERS[1][1](dir)} | jq -r .Detail | LC_ALL=C sort | sha256sum`], { encoding: 'utf8' }).stdout;
  if (out !== slicer || out.startsWith(createHash('sha256').digest('hex'))) throw new Error('the emitted records differ from the input');
}

function timed(command) {
  const report = join(mkdtempSync(join(tmpdir(), 'trailbus-time-')), 'time');
  const started = performance.now();
  const { status } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', '-o', report, 'bash', '-c', command], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`failed: ${command}`);
  const [user, system, kilobytes] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
  return { cpu: user + system, wall: (performance.now() - started) / 1000, megabytes: kilobytes / 1024 };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const dir = makeData();
check(dir);
const peers = PEERS.filter(([, , there]) => there);
const times = new Map(peers.map(([name]) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) for (const [name, command] of peers) times.get(name).push(timed(command(dir)));

const records = Number(values.records);
const own = median(times.get(PEERS[0][0]).map(({ cpu }) => cpu));
console.log(
  `${records} records in ${values.files} files; Node ${process.version}; ${cpus().length} x ${cpus()[0].model}; medians of ${values.rounds}\n`,
);
console.log('| command | CPU s | wall s | thousand records a CPU s | peak MB | our throughput : its |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
for (const [name, runs] of times) {
  const cpu = median(runs.map((run) => run.cpu));
  const row = [
    cpu.toFixed(2),
    median(runs.map((run) => run.wall)).toFixed(2),
    (records / cpu / 1000).toFixed(1),
    Math.max(...runs.map((run) => run.megabytes)).toFixed(0),
    (cpu / own).toFixed(2),
  ];
  console.log(`| ${name} | ${row.join(' | ')} |`);
}
