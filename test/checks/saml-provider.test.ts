// SAML providers: each colour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import samlProvider from '../../checks/saml-provider.ts';
import { asked, queryAnswer } from './account.ts';

const list = (members: string) => ({
  ListSAMLProviders: queryAnswer('ListSAMLProviders', `<SAMLProviderList>${members}</SAMLProviderList>`),
});

test('an account without provider is yellow', async () => {
  const { flaggedResources } = await asked(samlProvider, list(''));
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [['Yellow', '111122223333', '2026-11-28T12:00:00.000Z']],
  );
});

test('the provider that Identity Center makes is one', async () => {
  const arn = 'arn:aws:iam::111122223333:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE';
  const { status, flaggedResources } = await asked(samlProvider, list(`<member><Arn>${arn}</Arn></member>`));
  assert.equal(status, 'ok');
  assert.equal(flaggedResources[0]!.reason, `people come through \`${arn}\``);
});

test('a role that may not look makes nothing green', async () => {
  assert.equal((await asked(samlProvider, {})).status, 'not_available');
});
