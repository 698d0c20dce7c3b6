// Our pattern engine beside Event Ruler: node bench/patterns/run.mjs [--data FOLDER] [--only TEXT] [--rounds N]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { givenData, makeData } from './data.mjs';

const HERE = import.meta.dirname;
const { values } = parseArgs({ options: { data: { type: 'string' }, only: { type: 'string' }, rounds: { type: 'string', default: '2' } } });
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'trailbus-bench', 'patterns');

/** Fetches Event Ruler and compiles its driver, once. Needs a JDK and Maven. */
function eventRulerClassPath() {
  const library = join(cache, 'library');
  const classes = join(cache, 'classes');
  const classPath = `${classes}:${join(library, '*')}`;
  if (!existsSync(library)) {
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    execFileSync('mvn', ['-q', '-B', '-f', join(HERE, 'pom.xml'), goal, `-DoutputDirectory=${library}`], { stdio: 'inherit' });
  }
  mkdirSync(classes, { recursive: true });
  execFileSync('javac', ['-nowarn', '-cp', classPath, '-d', classes, join(HERE, 'EventRuler.java')], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  return classPath;
}

mkdirSync(join(cache, 'data'), { recursive: true });
const classPath = eventRulerClassPath();
execFileSync('npm', ['run', '--silent', 'build'], { cwd: resolve(HERE, '../..'), stdio: 'inherit' });

const answer = (command, words) => JSON.parse(execFileSync(command, words, { encoding: 'utf8', maxBuffer: 1 << 26 }));
const eventRuler = (set) => answer('java', ['-Xmx2g', '-XX:+UseSerialGC', '-cp', classPath, 'EventRuler', set.rules, set.events, '4', '4']);
const trailbus = (set) => answer(process.execPath, [join(HERE, 'trailbus.mjs'), set.rules, set.events, '4', '4']);
const faster = (one, other) => (one === undefined || other.cpuSeconds < one.cpuSeconds ? other : one);
const sameCounts = (one, other) => Object.keys({ ...one, ...other }).every((name) => (one[name] ?? 0) === (other[name] ?? 0));

const sets = values.data === undefined ? makeData(join(cache, 'data')) : givenData(resolve(values.data), join(cache, 'data'));
console.log('| rule set | Event Ruler, events per CPU second | Trailbus | ratio | matches |');
console.log('| --- | --- | --- | --- | --- |');
for (const set of sets.filter((each) => each.name.includes(values.only ?? ''))) {
  let theirs;
  let ours;
  // In turns, each round a new process: what else the machine does then weighs on both.
  for (let round = 0; round < Number(values.rounds); round++) {
    theirs = faster(theirs, eventRuler(set));
    ours = faster(ours, trailbus(set));
  }
  const rate = ({ events, cpuSeconds }) => Math.round(events / cpuSeconds);
  const verdict = sameCounts(theirs.matches, ours.matches) ? 'same' : 'DIFFER';
  if (verdict !== 'same') process.exitCode = 1;
  const ratio = (theirs.cpuSeconds / ours.cpuSeconds).toFixed(2);
  console.log(`| ${set.name} | ${rate(theirs)} | ${rate(ours)} | ${ratio} | ${verdict} |`);
}
