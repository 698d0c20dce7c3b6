// Makes the sample logs (without options: those committed beside this file) or as many ordinary ones as a benchmark wants.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ACCOUNTS, DAY, REGIONS } from './cast.ts';
import type { Listed } from './digests.ts';
import { SampleFolder, type Totals } from './folder.ts';
import type { DeliveredFile } from './logfile.ts';
import type { PlanOptions } from './plan.ts';
import { COMMITTED, ordinaryFiles, signDelivered, storyFiles } from './sample.ts';
import { storyTable } from './story/index.ts';

const USAGE = `usage: node --import tsx samples/generate.ts [--out DIR [options]]

Without --out: makes samples/logs, samples/public-keys.json and samples/manifest.json again.
With --story: prints the intrusion as the Markdown table of samples/README.md and makes nothing.
With --out: ordinary traffic in an empty folder, without a story.
  --records N   records in all (100000)
  --files N     log files (one for 40 records)
  --days N      days they spread over (1)
  --accounts A,B,…  account ids     --regions A,B,…  regions
  --seed TEXT   another seed makes other records (1)
  --digests     sign digests too; their keys go to DIR/public-keys.json`;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    records: { type: 'string', default: '100000' },
    files: { type: 'string' },
    days: { type: 'string', default: '1' },
    accounts: { type: 'string', default: ACCOUNTS.join(',') },
    regions: { type: 'string', default: REGIONS.join(',') },
    seed: { type: 'string', default: '1' },
    digests: { type: 'boolean', default: false },
    story: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const withoutText = ({ text: _, ...listed }: DeliveredFile): Listed => listed;
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Writes logs, and digests when `keysFile` says where their keys go. */
function write(folder: SampleFolder, files: Iterable<DeliveredFile>, options: PlanOptions, keysFile?: string): Totals {
  const delivered: Listed[] = [];
  for (const file of files) {
    folder.writeLog(file);
    if (keysFile !== undefined) delivered.push(withoutText(file));
  }
  if (keysFile !== undefined) {
    const { digests, keys } = signDelivered(delivered, options);
    for (const digest of digests) folder.writeDigest(digest);
    writeFileSync(keysFile, json(keys));
  }
  return folder.totals();
}

function writeCommitted(): Totals {
  const here = import.meta.dirname;
  const logs = join(here, 'logs');
  rmSync(logs, { recursive: true, force: true });
  const totals = write(new SampleFolder(logs), storyFiles(COMMITTED), COMMITTED, join(here, 'public-keys.json'));
  writeFileSync(join(here, 'manifest.json'), json(totals));
  return totals;
}

function writeBenchmark(out: string): Totals {
  if (existsSync(out) && readdirSync(out).length > 0) throw new Error(`\`${out}\` is not empty; name a new folder`);
  const records = Number(values.records);
  const options: PlanOptions = {
    ...{ seed: values.seed, records, begin: DAY, days: Number(values.days) },
    files: Number(values.files ?? Math.ceil(records / 40)),
    accounts: values.accounts.split(','),
    regions: values.regions.split(','),
  };
  return write(new SampleFolder(out), ordinaryFiles(options), options, values.digests ? join(out, 'public-keys.json') : undefined);
}

if (values.help) console.log(USAGE);
else if (values.story) console.log(storyTable());
else console.log(JSON.stringify(values.out === undefined ? writeCommitted() : writeBenchmark(values.out)));
