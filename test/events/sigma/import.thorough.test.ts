// A rule that is said to be exact finds what Sigma's meaning finds; one that is relaxed differs only the way it is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { compileDetections, readDetections } from '../../../events/detect/index.ts';
import { toEntry } from '../../../events/entry.ts';
import { importSigma } from '../../../events/sigma/index.ts';
import { REF, recordOf } from '../../fakes/records.ts';
import { sigmaMatches } from './naive.ts';
import { record, rule } from './sigmarules.ts';

type Rule = Parameters<typeof sigmaMatches>[0];

/** The one rule of a file, and what its detection says of a record. */
function imported(given: Rule) {
  const { rules, faults } = importSigma([{ source: 'rule.yml', text: stringify(given) }]);
  assert.deepEqual(faults, []);
  const [told] = rules;
  const detections = told!.detections.flatMap(({ id, text }) => readDetections(text, id));
  const evaluator = compileDetections(detections, { lists: new Map(), today: '2026-11-28' });
  return { told: told!, finds: (each: object) => evaluator.ask(toEntry(recordOf(each), REF)).length > 0 };
}

const counts = { exact: 0, relaxed: 0, refused: 0 };

test('a rule told as exact finds just the records that Sigma means', () => {
  fc.assert(
    fc.property(rule, fc.array(record, { minLength: 12, maxLength: 12 }), (given, records) => {
      const { told, finds } = imported(given);
      counts[told.outcome]++;
      if (told.outcome === 'refused') return;
      for (const each of records) {
        const [ours, sigmas] = [finds(each), sigmaMatches(given, each)];
        const mayDiffer = told.notes.some((note) => note.startsWith(ours ? 'finds more' : 'finds less'));
        if (!mayDiffer)
          assert.equal(ours, sigmas, `${JSON.stringify(each)}\n${told.outcome} ${told.notes.join('\n')}\n${told.detections[0]?.text}`);
      }
    }),
    {
      numRuns: Number(process.env['SIGMA_RUNS'] ?? 250),
      ...(process.env['SIGMA_SEED'] ? { seed: Number(process.env['SIGMA_SEED']) } : {}),
    },
  );
});

test('most random rules can be said, many exactly', () => {
  const all = counts.exact + counts.relaxed + counts.refused;
  assert.ok(counts.exact > all / 6 && counts.refused < all / 3, JSON.stringify(counts));
});
