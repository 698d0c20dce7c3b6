// How old keys are: each colour to the day, the report, and without it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import rotation from '../../checks/access-key-rotation.ts';
import { asked, colours, judged, queryFailure } from './account.ts';
import { keysBy, reportOf, reportState, userPages } from './iamanswers.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const ago = (days: number, seconds = 0) => new Date(NOW - days * 86_400_000 - seconds * 1000);
const key = (created: Date, Status = 'Active', AccessKeyId = 'AKIA1') => ({ AccessKeyId, Status, CreateDate: created });
const holder = (keys: object[], rotated: number[] = []) => [{ user: 'ann', rotated, keys }];

const ages: [string, Date, string][] = [
  ['90 days', ago(90), 'ok'],
  ['90 days and a second', ago(90, 1), 'warning'],
  ['two years', ago(730), 'warning'],
  ['two years and a second', ago(730, 1), 'error'],
];
for (const [age, created, status] of ages)
  test(`a key of ${age} is ${status}`, () => assert.equal(judged(rotation, holder([key(created)]))[0]!.split(' ')[1], `${status}:`));

test('the line says whose key it is and how old', () =>
  assert.deepEqual(judged(rotation, holder([key(ago(100))])), [
    'AKIA1 warning: access key `AKIA1` of user `ann` is active and was last rotated 100 days ago',
  ]));

test('an inactive key is nobody’s', () => assert.deepEqual(judged(rotation, holder([key(ago(900), 'Inactive')])), []));

test('a key that was made active again counts from then, beside one that wasn’t', () => {
  const [old, other] = [key(ago(900)), key(ago(200), 'Active', 'AKIA2')];
  assert.deepEqual(
    judged(rotation, holder([old, other], [ago(10).getTime(), ago(200).getTime()])).map((line) => line.split(':')[0]),
    ['AKIA1 ok', 'AKIA2 warning'],
  );
});

test('a report older than a key doesn’t make the key older', () =>
  assert.match(judged(rotation, holder([key(ago(1))], [ago(900).getTime()]))[0]!, /1 days ago/));

const stamp = (date: Date) => date.toISOString().replace('.000Z', '+00:00');

test('who has keys is read from the report, which is asked for again until it is made', async () => {
  let tries = 0;
  const result = await asked(rotation, {
    GenerateCredentialReport: () => reportState(['STARTED', 'INPROGRESS', 'COMPLETE'][tries++]!),
    GetCredentialReport: reportOf(
      `<root_account>,arn:aws:iam::111122223333:root,true,${stamp(ago(900))},false,N/A`,
      `ann,arn:aws:iam::111122223333:user/ann,true,${stamp(ago(100))},true,${stamp(ago(5))}`,
      'bob,arn:aws:iam::111122223333:user/bob,false,N/A,false,N/A',
    ),
    ListAccessKeys: keysBy({
      ann: [
        { id: 'AKIA1', created: ago(100).toISOString() },
        { id: 'AKIA2', created: ago(400).toISOString() },
      ],
    }),
  });
  assert.equal(tries, 3);
  assert.deepEqual(colours(result), ['AKIA1 warning', 'AKIA2 ok']);
  assert.deepEqual(result.flaggedResources[0]!.metadata, [
    ...['Yellow', 'ann', 'AKIA1', ago(100).toISOString(), 'not rotated for 90 days'],
  ]);
  const holders = result.calls.filter(({ operation }) => operation === 'ListAccessKeys').map(({ input }) => input['UserName']);
  assert.deepEqual(holders, ['ann']);
});

const withoutReport: [string, Parameters<typeof asked>[1]][] = [
  ['that is refused', {}],
  ['that fails', { GenerateCredentialReport: queryFailure('LimitExceeded', 409) }],
  [
    'that can’t be read, for a name with a comma',
    {
      GenerateCredentialReport: reportState('COMPLETE'),
      GetCredentialReport: reportOf(`ann,b,arn:aws:iam::111122223333:user/ann,b,true,${stamp(ago(100))},false,N/A`),
    },
  ],
];
for (const [name, report] of withoutReport)
  test(`without a report ${name}, every user is asked`, async () => {
    const result = await asked(rotation, {
      ...report,
      GetAccountAuthorizationDetails: userPages([{ name: 'ann' }], [{ name: 'bob' }, { name: 'cid' }]),
      ListAccessKeys: keysBy({ ann: [{ id: 'AKIA1', created: ago(731).toISOString() }], cid: queryFailure('NoSuchEntity', 404) }),
    });
    assert.deepEqual(colours(result), ['AKIA1 error']);
  });

test('a user whose keys are refused hides nobody else', async () => {
  const result = await asked(rotation, {
    GetAccountAuthorizationDetails: userPages([{ name: 'ann' }, { name: 'bob' }]),
    ListAccessKeys: keysBy({ ann: queryFailure('AccessDenied', 403), bob: [{ id: 'AKIA1', created: ago(1).toISOString() }] }),
  });
  assert.deepEqual(colours(result), ['ann not_available', 'AKIA1 ok']);
  assert.equal(result.flaggedResources[0]!.reason, 'not asked: the role may not call iam:ListAccessKeys in us-east-1');
});
