// What every Trails does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Trails } from '../../events/digest/doors.ts';
import { type ChainTrail, trailArn } from '../cli/validatelogs/world.ts';

const PLAIN: ChainTrail = { name: 'main', homeRegion: 'us-east-1', owner: '111122223333', bucket: 'trail-logs' };
const PREFIXED: ChainTrail = { ...PLAIN, name: 'other', bucket: 'other-logs', prefix: 'team/a.b' };
const ORGANIZATION_ID = 'o-example1234';
const SHARED: ChainTrail = { ...PLAIN, name: 'org', bucket: 'org-logs', organizationId: ORGANIZATION_ID };

/**
 * @param make  the door to an account with these trails, in the organization with this id
 * @param knows  whether it can know any: a folder can't
 */
export function trailsContract(
  name: string,
  make: (trails: ChainTrail[], organizationId: string) => Promise<Trails>,
  { knows }: { knows: boolean } = { knows: true },
): void {
  const made = () => make([PLAIN, PREFIXED, SHARED], ORGANIZATION_ID);

  describe(`${name} is a Trails:`, () => {
    test('knows no trail by part of its ARN, or by its name', async () => {
      const trails = await made();
      for (const arn of [trailArn(PLAIN).slice(0, -1), `${trailArn(PLAIN)}2`, 'main'])
        assert.equal(await trails.describeTrail(arn), undefined);
    });

    if (!knows) {
      test('knows no trail, and says that it can’t be asked for an organization', async () => {
        const trails = await made();
        assert.equal(await trails.describeTrail(trailArn(PLAIN)), undefined);
        await assert.rejects(trails.organizationId(), /not asked for/);
      });
      return;
    }

    test('says where a trail delivers, with its prefix where it has one', async () => {
      const trails = await made();
      assert.deepEqual(await trails.describeTrail(trailArn(PLAIN)), { bucket: 'trail-logs', isOrganizationTrail: false });
      const prefixed = { bucket: 'other-logs', prefix: 'team/a.b', isOrganizationTrail: false };
      assert.deepEqual(await trails.describeTrail(trailArn(PREFIXED)), prefixed);
    });

    test('says that a trail is its organization’s, and whose', async () => {
      const trails = await made();
      assert.equal((await trails.describeTrail(trailArn(SHARED)))?.isOrganizationTrail, true);
      assert.equal(await trails.organizationId(), ORGANIZATION_ID);
    });
  });
}
