import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { envelopeOf, toEntry } from '../../../events/entry.ts';
import { recordsOfWhole } from '../../../events/logfile/logfile.ts';
import { compile } from '../../../events/pattern/index.ts';
import { proposePattern } from '../../../events/rules/patternfor.ts';

const SAMPLES = join(import.meta.dirname, '../../../samples/logs');

function* sampleEvents(): Generator<object> {
  const names = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /_CloudTrail(-[A-Za-z]+)?_.*\.json\.gz$/.test(name) && !name.includes('Digest'),
  );
  for (const name of names)
    for (const record of recordsOfWhole(readFileSync(join(SAMPLES, name)))!) {
      const detail = JSON.parse(record.text()) as object;
      yield { ...envelopeOf(toEntry(record, { bucket: '', key: name })), detail };
    }
}

test('the proposal for every event of the sample logs matches it and names nothing that changes', () => {
  const compiled = new Map<string, ReturnType<typeof compile>>();
  let count = 0;
  for (const event of sampleEvents()) {
    const proposal = proposePattern(event);
    const text = JSON.stringify(proposal);
    if (!compiled.has(text)) compiled.set(text, compile([{ name: 'r', pattern: proposal }]));
    assert.deepEqual(compiled.get(text)!.match(event), ['r'], JSON.stringify({ proposal, event }));
    assert.doesNotMatch(text, /"eventID"|"requestID"|"eventTime"|"sourceIPAddress"|"accessKeyId"|\d{12}|AKIA|ASIA|[0-9a-f]{8}-[0-9a-f]{4}/);
    assert.ok(text.length < 2048);
    count++;
  }
  assert.ok(count > 6000);
});

test('a proposal keeps the event’s name, caller, error and settings', () => {
  const event = {
    source: 'cloudtrail.ec2',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventSource: 'ec2.amazonaws.com',
      eventName: 'AuthorizeSecurityGroupIngress',
      errorCode: 'Client.UnauthorizedOperation',
      eventID: 'x',
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/a/b' },
      requestParameters: {
        groupId: 'sg-0123456789',
        ipPermissions: { items: [{ ipProtocol: 'tcp', fromPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }, { fromPort: 443 }] },
      },
    },
  };
  assert.deepEqual(proposePattern(event), {
    source: ['cloudtrail.ec2'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: ['ec2.amazonaws.com'],
      eventName: ['AuthorizeSecurityGroupIngress'],
      errorCode: ['Client.UnauthorizedOperation'],
      userIdentity: { type: ['AssumedRole'] },
      requestParameters: {
        ipPermissions: { items: { fromPort: [22], ipProtocol: ['tcp'], ipRanges: { items: { cidrIp: ['0.0.0.0/0'] } } } },
      },
    },
  });
});

test('an event without anything to name gets a pattern all the same', () => {
  const event = { source: '', detail: {} };
  assert.deepEqual(compile([{ name: 'r', pattern: proposePattern(event) }]).match(event), ['r']);
});

test('what the answer only repeats is left out, and so is the mark of a call that went well', () => {
  const proposed = (requestParameters: object | null, responseElements: object) =>
    proposePattern({ detail: { eventName: 'X', requestParameters, responseElements } })['detail'];
  assert.deepEqual(proposed({ enable: false }, { enable: false, state: 'off' }), {
    eventName: ['X'],
    requestParameters: { enable: [false] },
  });
  assert.deepEqual(proposed(null, { _return: true, ConsoleLogin: 'Failure' }), {
    eventName: ['X'],
    responseElements: { ConsoleLogin: ['Failure'] },
  });
});
