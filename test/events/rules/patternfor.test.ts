// A pattern proposed for one event.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../events/pattern/index.ts';
import { proposePattern } from '../../../events/rules/patternfor.ts';

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
