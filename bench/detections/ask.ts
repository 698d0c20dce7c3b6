// Walks a folder as `trailbus run` does and asks the detections about every entry; with `--none` nothing is asked.
import { readFileSync } from 'node:fs';
import { LocalCorridor } from '../../cli/corridor.ts';
import { filesOf } from '../../cli/sources.ts';
import { compileDetections, readDetections } from '../../events/detect/index.ts';

const [folder = '', file = ''] = process.argv.slice(2);
const lists = new Map([
  ['accounts', ['111122223333', '444455556666']],
  ['regions', ['eu-west-1', 'us-east-1']],
  ['automation', ['*pipeline-deploy*', '*terraform*']],
]);

const evaluator =
  file === '--none' ? undefined : compileDetections(readDetections(readFileSync(file, 'utf8'), file), { lists, today: '2026-10-05' });
const hits = new Map<string, number>();
const corridor = new LocalCorridor(
  evaluator === undefined
    ? []
    : [
        (entry) => {
          for (const { detection } of evaluator.ask(entry)) hits.set(detection, (hits.get(detection) ?? 0) + 1);
        },
      ],
);
for await (const each of filesOf([folder])) await corridor.walk(each);
const told = { records: corridor.ledger.recordsRead, detections: evaluator?.count ?? 0, off: evaluator?.off ?? [] };
process.stdout.write(`${JSON.stringify({ ...told, hits: Object.fromEntries([...hits].sort(([, a], [, b]) => b - a)) })}\n`);
