// What every PutEntries does: one call to a bus.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PutEntries } from '../../events/bus/delivery.ts';
import type { WireEntry } from '../../events/entry.ts';

const ENTRY: WireEntry = {
  Source: 'cloudtrail.ec2',
  DetailType: 'AWS API Call via CloudTrail',
  Time: '2026-10-05T12:00:00Z',
  Resources: ['arn:aws:s3:::a'],
  Detail: '{"eventName":"RunInstances"}',
};

export function putEntriesContract(name: string, make: () => Promise<PutEntries>): void {
  describe(`${name} is a PutEntries:`, () => {
    test('answers for each entry in the entries’ order, with the bus’s code where one was refused', async () => {
      const put = await make();
      const answers = await put([ENTRY, { ...ENTRY, Source: 'aws.ec2' }, { ...ENTRY, Detail: 'no JSON' }, { ...ENTRY, Time: undefined }]);
      assert.deepEqual(
        answers.map(({ code }) => code),
        [undefined, 'NotAuthorizedForSourceException', 'MalformedDetail', undefined],
      );
      assert.match(answers[2]?.message ?? '', /malformed/);
    });

    test('throws an error whose `tooLarge` is true for a call above the service’s limit', async () => {
      const put = await make();
      const large = { ...ENTRY, Detail: `{"x":"${'x'.repeat(600_000)}"}` };
      await assert.rejects(put([large, large]), (error) => (error as { tooLarge?: boolean }).tooLarge === true);
    });

    test('throws an error that is neither retryable nor too large for a call that will never pass', async () => {
      const put = await make();
      const final = (error: unknown) => {
        const { retryable, tooLarge } = error as { retryable?: boolean; tooLarge?: boolean };
        return retryable === false && tooLarge === false;
      };
      await assert.rejects(put(Array.from({ length: 11 }, () => ENTRY)), final);
    });
  });
}
