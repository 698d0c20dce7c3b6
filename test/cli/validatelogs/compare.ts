// Asks awscli and the built command the same, over random damages and spans: node --import tsx test/cli/validatelogs/compare.ts AWS_COMMAND [ROUNDS] [SEED]
import { join } from 'node:path';
import { argumentsOf, CASES, type Case, wholeWorld } from './cases.ts';
import { startEndpoint } from './endpoint.ts';
import { environment, type ProgramOutput, runProgram } from './record.ts';
import type { World } from './world.ts';

const [aws = 'aws', rounds = '50', seed = '1'] = process.argv.slice(2);

let state = Number(seed);
/** 0 up to 1, the same for the same seed. */
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return state / 2 ** 31;
}
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

/** Damages of one file each, which bear company; those that wait for retries are left out. */
const DAMAGES = CASES.filter(
  ({ name, damage }) => damage && !/always|wire|once|bucket changed|stopped|every|all digests|no public|keys/.test(name),
);
const CHAINS = CASES.filter(({ name }) => /bucket changed|stopped|backfill chain/.test(name));
const STARTS = [
  '2026-03-10T18:00:00Z',
  '2026-03-10T19:00:00Z',
  '2026-03-10T20:17:31Z',
  '2026-03-10',
  '2026-03-10T21:59:59Z',
  '2026-03-09T12:00:00Z',
];
const ENDS = [
  '2026-03-11T06:00:00Z',
  '2026-03-11T05:00:01Z',
  '2026-03-10T23:00:00Z',
  '2026-03-11T02:30:00',
  '2026-03-12',
  '2026-03-11 00:00',
];

function damagedWorld(chosen: Case[]): World {
  const world = wholeWorld();
  for (const { damage } of chosen)
    try {
      damage!(world);
    } catch {
      // What it damages is gone already.
    }
  return world;
}

async function ask(world: World, command: string, words: string[]): Promise<ProgramOutput> {
  const endpoint = await startEndpoint(world);
  const said = await runProgram(command, words, environment(endpoint));
  await endpoint.close();
  return said;
}

let different = 0;
for (let round = 0; round < Number(rounds); round++) {
  const chain = random() < 0.3 ? [pick(CHAINS)] : [];
  const chosen = [...chain, ...Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(DAMAGES))];
  const region = random() < 0.15 ? ['--region', 'eu-west-1'] : [];
  const words = [
    ...argumentsOf({ name: '', start: pick(STARTS), end: pick(ENDS), args: region }),
    ...(random() < 0.7 ? ['--verbose'] : []),
  ];
  const world = damagedWorld(chosen);
  const theirs = await ask(world, aws, ['cloudtrail', 'validate-logs', ...words]);
  const ours = await ask(world, process.execPath, [join(import.meta.dirname, '../../../dist/cli/trailbus.js'), 'validate-logs', ...words]);
  if (JSON.stringify(theirs) === JSON.stringify(ours)) continue;
  different++;
  console.log(chosen.map(({ name }) => name).join(' + '), words.join(' '), '\nawscli says', theirs, '\ntrailbus says', ours);
}
console.log(`${rounds} rounds from seed ${seed}, ${different} different`);
process.exitCode = different === 0 ? 0 : 1;
