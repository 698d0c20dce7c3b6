// `trailbus validate-logs` prints, byte for byte, what awscli was recorded to print.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseArgs } from 'node:util';
import type { ValidateLogsOptions } from '../../../cli/validatelogs/run.ts';
import { argumentsOf, CASES, worldOf } from './cases.ts';
import type { TestEndpoint } from './endpoint.ts';
import { saidBy } from './keptoutput.ts';
import { type ProgramOutput, readRecordings, withoutPort } from './record.ts';
import { openEndpoint } from './testendpoint.ts';

const TEXT = { type: 'string' } as const;
const WORDS = {
  ...{ 'trail-arn': TEXT, 'start-time': TEXT, 'end-time': TEXT, 's3-bucket': TEXT, 's3-prefix': TEXT },
  ...{ 'account-id': TEXT, region: TEXT, 'endpoint-url': TEXT },
  verbose: { type: 'boolean' },
} as const;

/** Options as commander names them. */
function optionsOf(args: string[]): Partial<ValidateLogsOptions> {
  const { values } = parseArgs({ args, options: WORDS });
  const camel = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [camel(name), value])) as Partial<ValidateLogsOptions>;
}

const ask = async (args: string[]): Promise<ProgramOutput> => withoutPort(await saidBy(optionsOf(args)));

let endpoint: TestEndpoint;
before(async () => {
  endpoint = await openEndpoint();
});
after(() => endpoint.close());

const recordings = readRecordings();

for (const chosen of CASES) {
  const recording = recordings.get(chosen.name);
  test(`says what awscli says: ${chosen.name}`, async () => {
    assert.ok(recording, 'no recording: run test/cli/validatelogs/record.ts');
    endpoint.world = worldOf(chosen);
    assert.deepEqual(await ask(argumentsOf(chosen)), recording.quiet);
    endpoint.world = worldOf(chosen);
    assert.deepEqual(await ask([...argumentsOf(chosen), '--verbose']), recording.verbose);
  });
}
