// The XML of S3's answers, with its faults in expat's words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { child, readXml } from '../../../aws/integrity/xml.ts';
import { awscliMessage } from '../../../events/digest/awscli/index.ts';

const keysOf = (xml: string) =>
  readXml(xml)
    .children.filter(({ name }) => name === 'Contents')
    .map((contents) => child(contents, 'Key')?.text);

const listings: [string, string, (string | undefined)[]][] = [
  ['plain', '<L><Contents><Key>a/b</Key></Contents></L>', ['a/b']],
  [
    'with a declaration, a comment and blanks',
    '<?xml version="1.0"?>\n<!-- x -->\n<L xmlns="u">\n <Contents>\n <Key>a</Key></Contents>\n</L>\n',
    ['a'],
  ],
  ['with prefixes', '<s3:L xmlns:s3="u"><s3:Contents><s3:Key>a</s3:Key></s3:Contents></s3:L>', ['a']],
  ['with entities', '<L><Contents><Key>&lt;&#233;&#x20AC;&amp;</Key></Contents></L>', ['<é€&']],
  ['with character data', '<L><Contents><Key>x<![CDATA[<&>]]>y</Key></Contents></L>', ['x<&>y']],
  ['with empty elements', '<L><Contents><Key/></Contents><Contents><Key></Key></Contents></L>', [undefined, undefined]],
  ['with a sign in an attribute', '<L a="x>y"><Contents><Key>a</Key></Contents></L>', ['a']],
];
for (const [name, xml, keys] of listings) test(`reads a listing ${name}`, () => assert.deepEqual(keysOf(xml), keys));

test('tells an element in a namespace from one in none', () => {
  assert.equal(readXml('<Error/>').isQualified, false);
  assert.equal(readXml('<Error xmlns="u"/>').isQualified, true);
  assert.equal(readXml('<a xmlns="u"><Error/></a>').children[0]!.isQualified, true);
});

const broken: [string, string][] = [
  ['', 'no element found: line 1, column 0'],
  ['hello', 'syntax error: line 1, column 0'],
  ['<a><b></a>', 'mismatched tag: line 1, column 8'],
  ['<a>\n<b>', 'no element found: line 2, column 3'],
  ['<a/><b/>', 'junk after document element: line 1, column 4'],
];
for (const [xml, message] of broken)
  test(`what is wrong with \`${xml}\` is told as expat does`, () =>
    assert.throws(
      () => readXml(xml),
      (thrown) => awscliMessage(thrown) === message,
    ));
