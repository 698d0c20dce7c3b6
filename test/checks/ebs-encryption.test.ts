// Volumes: encrypted or not, attached or not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ebsEncryption from '../../checks/ebs-encryption.ts';
import { asked } from './account.ts';

const ATTACHED = '<attachmentSet><item><instanceId>i-1</instanceId><status>attached</status></item></attachmentSet>';
const volume = (id: string, encrypted: boolean, attachments = ATTACHED) =>
  `<item><volumeId>${id}</volumeId><encrypted>${encrypted}</encrypted>${attachments}</item>`;
const page = (volumes: string, token = '') =>
  `<DescribeVolumesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><volumeSet>${volumes}</volumeSet>${token}</DescribeVolumesResponse>`;

test('volumes in use are red or green on every page; those that nothing uses are not looked at', async () => {
  const { flaggedResources } = await asked(ebsEncryption, {
    DescribeVolumes: ({ input }) =>
      input['NextToken'] === '2'
        ? page(volume('vol-3', true))
        : page(volume('vol-1', false) + volume('vol-2', false, '<attachmentSet/>'), '<nextToken>2</nextToken>'),
  });
  assert.deepEqual(
    flaggedResources.map(({ metadata, reason }) => [...metadata, reason]),
    [
      ['Red', 'us-east-1', 'vol-1', 'i-1', '', 'volume `vol-1` of `i-1` is not encrypted'],
      ['Green', 'us-east-1', 'vol-3', 'i-1', '', 'volume `vol-3` is encrypted'],
    ],
  );
});

test('a role that may not look is told so', async () => {
  const { status, flaggedResources } = await asked(ebsEncryption, {});
  assert.equal(status, 'not_available');
  assert.match(flaggedResources[0]!.reason, /ec2:DescribeVolumes/);
});
