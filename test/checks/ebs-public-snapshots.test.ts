// Public snapshots: own ones only, blocked regions, what vanishes and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import publicSnapshots from '../../checks/ebs-public-snapshots.ts';
import { type Answers, asked } from './account.ts';

const XMLNS = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"';
const snapshot = (id: string, owner = '111122223333') =>
  `<item><snapshotId>${id}</snapshotId><volumeId>vol-${id}</volumeId><ownerId>${owner}</ownerId><description>of ${id}</description></item>`;
const snapshots = (...items: string[]) =>
  `<DescribeSnapshotsResponse ${XMLNS}><snapshotSet>${items.join('')}</snapshotSet></DescribeSnapshotsResponse>`;
const permission = (item: string) =>
  `<DescribeSnapshotAttributeResponse ${XMLNS}><createVolumePermission>${item}</createVolumePermission></DescribeSnapshotAttributeResponse>`;
const ALL = permission('<item><group>all</group></item>');
const block = (state: string) =>
  `<GetSnapshotBlockPublicAccessStateResponse ${XMLNS}><state>${state}</state></GetSnapshotBlockPublicAccessStateResponse>`;
const failed = (code: string) => ({ status: 400, body: `<Response><Errors><Error><Code>${code}</Code></Error></Errors></Response>` });

const OWN = snapshots(snapshot('snap-1'), snapshot('snap-2'));
const answers = (more: Answers = {}): Answers => ({
  DescribeSnapshots: ({ input }) => (input['RestorableBy.1'] === 'all' ? snapshots(snapshot('snap-2')) : OWN),
  DescribeSnapshotAttribute: ALL,
  GetSnapshotBlockPublicAccessState: block('unblocked'),
  ...more,
});
const lines = async (given: Answers) =>
  (await asked(publicSnapshots, given)).flaggedResources.map(({ resourceId, status, reason }) => `${resourceId} ${status}: ${reason}`);

const PRIVATE = 'snap-1 ok: snapshot `snap-1` is private';

test('a public snapshot is red, the private one green, and only the first is asked for its permissions', async () => {
  const { status, flaggedResources, calls } = await asked(publicSnapshots, answers());
  assert.equal(status, 'error');
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [
      ['Green', 'us-east-1', 'vol-snap-1', 'snap-1', 'of snap-1'],
      ['Red', 'us-east-1', 'vol-snap-2', 'snap-2', 'of snap-2'],
    ],
  );
  const asking = calls.filter(({ operation }) => operation === 'DescribeSnapshotAttribute');
  assert.deepEqual(
    asking.map(({ input }) => input['SnapshotId']),
    ['snap-2'],
  );
});

test('where all sharing is blocked nothing is public', async () => {
  assert.deepEqual(await lines(answers({ GetSnapshotBlockPublicAccessState: block('block-all-sharing') })), [
    'snap-1 ok: sharing snapshots with everybody is blocked in this region',
    'snap-2 ok: sharing snapshots with everybody is blocked in this region',
  ]);
});

test('a block of new sharing only leaves what is public, and so does a block that can’t be asked for', async () => {
  const red = [PRIVATE, 'snap-2 error: every AWS account can make a volume of snapshot `snap-2`, and read it'];
  assert.deepEqual(await lines(answers({ GetSnapshotBlockPublicAccessState: block('block-new-sharing') })), red);
  assert.deepEqual(await lines(answers({ GetSnapshotBlockPublicAccessState: { status: 404, body: '<html/>' } })), red);
});

test('a snapshot shared with an account only is green', async () => {
  const named = permission('<item><userId>444455556666</userId></item>');
  assert.deepEqual(await lines(answers({ DescribeSnapshotAttribute: named })), [
    PRIVATE,
    'snap-2 ok: snapshot `snap-2` is not shared with everybody',
  ]);
});

test('snapshots of others are nobody’s business here', async () => {
  const others = snapshots(snapshot('snap-1'), snapshot('snap-9', '999999999999'));
  assert.deepEqual(await lines(answers({ DescribeSnapshots: others, DescribeSnapshotAttribute: permission('') })), [
    'snap-1 ok: snapshot `snap-1` is not shared with everybody',
  ]);
});

test('a snapshot that vanishes has no line; one that may not be asked for says so, and hides no other', async () => {
  assert.deepEqual(await lines(answers({ DescribeSnapshotAttribute: failed('InvalidSnapshot.NotFound') })), [PRIVATE]);
  assert.deepEqual(await lines(answers({ DescribeSnapshotAttribute: failed('UnauthorizedOperation') })), [
    PRIVATE,
    'snap-2 not_available: not asked: the role may not call ec2:DescribeSnapshotAttribute in us-east-1',
  ]);
});

test('every page is asked for', async () => {
  const second = snapshots(snapshot('snap-2'));
  const first = snapshots(snapshot('snap-1')).replace('</snapshotSet>', '</snapshotSet><nextToken>2</nextToken>');
  const paged = answers({
    DescribeSnapshots: ({ input }) => (input['RestorableBy.1'] === 'all' || input['NextToken'] === '2' ? second : first),
  });
  assert.equal((await lines(paged)).length, 2);
});
