// What every TellFindings does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TellFindings } from '../../events/detect/doors.ts';
import type { Finding } from '../../events/finding.ts';
import { KEY } from '../fakes/records.ts';

export interface MadeTeller {
  tell: TellFindings;
  /** What came through, in any order, once `count` are there. */
  received: (count: number) => Promise<Finding[]>;
  /** Has one of what is told next refused for good, once; absent where nothing can be refused. */
  refuseNext?: () => void;
}

const findingAt = (at: number, change: Partial<Finding> = {}): Finding => ({
  ...{ id: `finding-${String(at).padStart(3, '0')}`, kind: 'detection', rule: 'iam.user-created', state: 'open', severity: 'high' },
  ...{ title: 'alice made a user', resources: ['arn:aws:iam::111122223333:user/bob'], tags: ['cis.1.1'], count: 1 },
  events: [{ eventID: 'e1', time: '2026-10-05T12:00:00Z', bucket: 'trail-logs', key: KEY, index: at }],
  ...change,
});

const byId = (findings: readonly Finding[]): Finding[] => findings.toSorted((left, right) => left.id.localeCompare(right.id));

export function tellFindingsContract(name: string, make: () => Promise<MadeTeller>): void {
  describe(`${name} is a TellFindings:`, () => {
    test('tells findings whole, whatever stands in them', async () => {
      const { tell, received } = await make();
      const odd: Partial<Finding> = {
        title: 'ü "😀" \\ </script>',
        who: '{who}',
        events: [],
        resources: [],
        detail: { first: [{ a: 1 }] },
      };
      const findings = [findingAt(0), findingAt(1, odd)];
      await tell(findings);
      assert.deepEqual(byId(await received(2)), findings);
    });

    test('has nothing to do for none', async () => {
      const { tell, received } = await make();
      await tell([]);
      assert.deepEqual(await received(0), []);
    });

    test('tells as many as there are', async () => {
      const { tell, received } = await make();
      const findings = Array.from({ length: 45 }, (_, at) => findingAt(at));
      await tell(findings);
      assert.deepEqual(byId(await received(45)), findings);
    });

    test('throws when one was not taken; told again, all are there', async () => {
      const { tell, received, refuseNext } = await make();
      if (refuseNext === undefined) return;
      const findings = Array.from({ length: 25 }, (_, at) => findingAt(at));
      refuseNext();
      await assert.rejects(tell(findings), /refused/);
      await tell(findings);
      assert.equal(new Set((await received(25)).map(({ id }) => id)).size, 25);
    });
  });
}
