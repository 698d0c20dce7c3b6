// Walks a folder as `trailbus run` does and asks detections about every entry: what asking costs, without what is made of the hits.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LocalCorridor } from '../../cli/corridor.ts';
import { filesOf, SourceListing } from '../../cli/sources.ts';
import { compileDetections, type Evaluator, readDetections } from '../../events/detect/index.ts';
import type { Entry } from '../../events/entry.ts';

const [folder = '', detections = ''] = process.argv.slice(2);
const LISTS = new Map([
  ['accounts', ['111122223333', '444455556666']],
  ['regions', ['eu-west-1', 'us-east-1', 'us-west-2']],
  ['automation', ['*:assumed-role/pipeline-deploy/*', '*:assumed-role/terraform/*']],
  ['adminGroups', ['admins']],
  ['logBuckets', ['trail-logs']],
  ['ownRules', ['trailbus-*']],
  ['cidrs', ['198.51.100.0/24', '203.0.113.0/24']],
]);

const filesIn = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => join(path, name))
    : [path];

const evaluatorOf = (path: string): Evaluator =>
  compileDetections(
    filesIn(path).flatMap((file) => readDetections(readFileSync(file, 'utf8'), file)),
    { lists: LISTS, today: '2026-10-05' },
  );

const evaluator = detections === '' ? undefined : evaluatorOf(detections);
const hits = new Map<string, number>();
const count = (entry: Entry): void => {
  for (const { detection } of evaluator!.ask(entry)) hits.set(detection, (hits.get(detection) ?? 0) + 1);
};
const corridor = new LocalCorridor(evaluator === undefined ? [] : [count]);
for await (const each of filesOf(new SourceListing([folder]))) await corridor.walk(each);

const told = { records: corridor.ledger.recordsRead, detections: evaluator?.count ?? 0, off: evaluator?.off ?? [] };
const byCount = [...hits].sort(([, left], [, right]) => right - left);
process.stdout.write(`${JSON.stringify({ ...told, hits: Object.fromEntries(byCount) })}\n`);
