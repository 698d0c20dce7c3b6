// SPF beside MX: types, quotes, pieces, aliases.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import mxSpf from '../../checks/route53-mx-spf.ts';
import { asked } from './account.ts';
import { aliasRecord, dnsRecord, judgedZone, oneZone } from './zones.ts';

const MX = dnsRecord('example.com.', 'MX', ['10 mail.example.com.']);
const txt = (...values: string[]) => dnsRecord('example.com.', 'TXT', values);
const GREEN = 'Z1/example.com./MX ok: `example.com.` says by a TXT record who may send its mail';
const YELLOW = 'Z1/example.com./MX warning: `example.com.` has its SPF value in a record of type SPF, which nobody reads any more';
const RED = 'Z1/example.com./MX error: `example.com.` gets mail, and no TXT record beginning v=spf1 says who may send for it';

const cases: [string, Parameters<typeof judgedZone>[1][], string[]][] = [
  ['a TXT value is green', [MX, txt('"v=spf1 include:amazonses.com -all"')], [GREEN]],
  ['among other values', [MX, txt('"google-site-verification=x"', '"v=spf1 -all"')], [GREEN]],
  ['split into pieces, in its first word even', [MX, txt('"v=sp" "f1 ip4:192.0.2.0/24" " -all"')], [GREEN]],
  ['in capitals', [MX, txt('"V=SPF1 -all"')], [GREEN]],
  ['a record of type SPF alone is yellow', [MX, dnsRecord('example.com.', 'SPF', ['"v=spf1 -all"'])], [YELLOW]],
  ['beside a TXT record it is green', [MX, dnsRecord('example.com.', 'SPF', ['"v=spf1 -all"']), txt('"v=spf1 -all"')], [GREEN]],
  ['neither is red', [MX], [RED]],
  ['another TXT is no SPF', [MX, txt('"spf2.0/pra v=spf1 -all"', '"v=spf10 -all"')], [RED]],
  ['nor is an SPF record with something else', [MX, dnsRecord('example.com.', 'SPF', ['"hello"'])], [RED]],
  ['that of another name doesn’t count', [MX, dnsRecord('www.example.com.', 'TXT', ['"v=spf1 -all"'])], [RED]],
  [
    'an alias has the value of what it stands for',
    [MX, aliasRecord('example.com.', 'TXT', 'spf.example.com'), dnsRecord('spf.example.com.', 'TXT', ['"v=spf1 -all"'])],
    [GREEN],
  ],
  ['an alias to itself ends', [MX, aliasRecord('example.com.', 'TXT', 'example.com.')], [RED]],
  [
    'weighted MX records of a name are one line',
    [{ ...MX, SetIdentifier: 'a', Weight: 1 }, { ...MX, SetIdentifier: 'b', Weight: 1 }, txt('"v=spf1 -all"')],
    [GREEN],
  ],
  ['a name without mail is not looked at', [txt('"v=spf1 -all"'), dnsRecord('example.com.', 'A', ['192.0.2.1'])], []],
];
for (const [name, records, expected] of cases) test(name, () => assert.deepEqual(judgedZone(mxSpf, ...records), expected));

test('the columns are Trusted Advisor’s', async () => {
  const { flaggedResources } = await asked(mxSpf, oneZone(MX, txt('"v=spf1" " -all"')));
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [['z1.example.com.', 'Z1', 'example.com.', 'Green']],
  );
});
