// Every fault that there is, made by the code that finds it, and what is said of it.
import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, privateEncrypt } from 'node:crypto';
import { Agent, createServer, type RequestListener } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { after, before, mock, test } from 'node:test';
import { assertEndpointUrl, assertProfile, connectIntegrity, defaultRegion } from '../../../aws/integrity/index.ts';
import { callJson } from '../../../aws/integrity/jsoncalls.ts';
import { SignedRequests } from '../../../aws/integrity/signedrequests.ts';
import { awscliReading, awscliWords, readTimes, resolveRequest } from '../../../events/digest/awscli/index.ts';
import { addSeconds, compareTimes, fromDate } from '../../../events/digest/clocktime.ts';
import type { FaultCode, IntegrityFault } from '../../../events/digest/faults.ts';
import type { IntegrityFinding } from '../../../events/digest/findings.ts';
import { integrityFaultOf } from '../../../events/digest/integrityerrors.ts';
import { bucketName, objectKey } from '../../../events/digest/objectaddress.ts';
import { PLAIN_WORDS, plainWords } from '../../../events/digest/plainwords.ts';
import { signingHash } from '../../../events/digest/signature.ts';
import { type TimeSpan, validateSpan } from '../../../events/digest/validate.ts';
import { verifyDigest } from '../../../events/digest/verify.ts';
import { watchTrails } from '../../../events/digest/watch.ts';
import { BUCKET, CASES, digestKey, KEY_A, requestOf, wholeWorld, worldOf } from '../../cli/validatelogs/cases.ts';
import type { TestEndpoint } from '../../cli/validatelogs/endpoint.ts';
import { openEndpoint } from '../../cli/validatelogs/testendpoint.ts';
import type { World } from '../../cli/validatelogs/world.ts';
import { WorldBuckets, WorldKeys, worldTrails } from '../../cli/validatelogs/worlddoors.ts';

const NOW = new Date('2026-11-22T00:00:00Z');
const READING = awscliReading(NOW);

let endpoint: TestEndpoint;
before(async () => {
  endpoint = await openEndpoint();
});
after(() => endpoint.close());

type Faults = (IntegrityFault | undefined)[] | IntegrityFault | undefined;

/** What is wrong with what is thrown. */
async function thrownBy(work: () => unknown): Promise<IntegrityFault | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return integrityFaultOf(error);
  }
}

/** Connected to a world's services, for as long as it takes. */
async function connected<T>(world: World, use: (doors: ReturnType<typeof connectIntegrity>) => Promise<T>): Promise<T> {
  endpoint.world = world;
  const doors = connectIntegrity('us-west-2');
  try {
    return await use(doors);
  } finally {
    doors.close();
  }
}

/** A fault, and what is the reason of it. */
const withReasons = (fault: IntegrityFault): IntegrityFault[] =>
  'why' in fault && typeof fault.why === 'object' ? [fault, fault.why] : [fault];

/** Everything that a check of a case finds wrong, its end included. */
async function faultsOf(name: string, unreadable: 'stop' | 'tell' = 'stop'): Promise<IntegrityFault[]> {
  const chosen = CASES.find((one) => one.name === name);
  assert.ok(chosen, `no case \`${name}\``);
  const faults: IntegrityFault[] = [];
  const check = () =>
    connected(worldOf(chosen), async ({ buckets, keys, trails }) => {
      const request = requestOf(chosen);
      const span: TimeSpan = await resolveRequest(request, readTimes(request, NOW), trails);
      for await (const outcome of validateSpan(span, buckets, keys, { concurrency: 8, unreadable, reading: READING }))
        if (outcome.kind !== 'gap' && outcome.fault) faults.push(outcome.fault);
    });
  const end = await thrownBy(check);
  return [...faults, ...(end ? [end] : [])].flatMap(withReasons);
}

const of = (name: string) => () => faultsOf(name);
const by = (work: () => unknown) => () => thrownBy(work);

/** The fault of reading an object of main's bucket where S3 gives an answer of its own. */
const byReading = (status: number, body: string) =>
  by(() => {
    const world = wholeWorld();
    world.faults.set(`${BUCKET}/key`, { status, body });
    return connected(world, ({ buckets }) => buckets.readObject(BUCKET, 'key'));
  });

/** The fault of asking CloudTrail where it answers an operation so. */
const byAsking = (operation: string, answer: unknown) =>
  by(() => {
    const world = wholeWorld();
    world.operations.set(operation, () => answer);
    return connected<unknown>(world, ({ keys, trails }) =>
      operation === 'ListPublicKeys' ? keys.listPublicKeys(0, 1) : trails.describeTrail('arn'),
    );
  });

/** The fault of calling a server that treats requests so. */
const byCalling = (listener: RequestListener, silenceMs = 60_000) =>
  by(async () => {
    const server = createServer(listener);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const credentials = async () => ({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' });
    const requests = new SignedRequests({
      credentials,
      maxAttempts: 1,
      maxHeldBytes: 1,
      silenceMs,
      random: () => 0,
      sleep: async () => {},
    });
    const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await callJson({ requests, name: 'cloudtrail', region: 'us-east-1', endpointUrl }, 'DescribeTrails', {});
    } finally {
      requests.close();
      server.closeAllConnections();
      server.close();
    }
  });

/** The fault of work in an environment with these changes. */
const inEnvironment = (changes: Record<string, string | undefined>, work: () => unknown) =>
  by(async () => {
    const saved = { ...process.env };
    for (const [name, value] of Object.entries(changes))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    try {
      await work();
    } finally {
      for (const name of Object.keys(changes)) delete process.env[name];
      Object.assign(process.env, saved);
    }
  });

const askTrail = (endpointUrl?: string) => connectIntegrity('us-west-2', endpointUrl).trails.describeTrail('arn');

/** A connection that never comes about. */
async function withoutConnection(): Promise<void> {
  const connecting = mock.method(Agent.prototype as unknown as { createConnection: () => Socket }, 'createConnection', () => {
    const socket = Object.assign(new Socket(), { connecting: true });
    setImmediate(() => socket.destroy(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })));
    return socket;
  });
  try {
    await askTrail();
  } finally {
    connecting.mock.restore();
  }
}

/** A signature under a key of 512 bits that names SHA-512, whose hash doesn't fit into it. */
function signedTooSmall(): void {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 512 });
  const named = Buffer.from('3051300d060960864801650304020305000440', 'hex');
  const block = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(62 - named.length, 0xff), named]);
  const signature = privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, block);
  signingHash('text', signature.toString('hex'), publicKey.export({ format: 'der', type: 'pkcs1' }).toString('base64'));
}

/** A standard digest checked as a backfill digest, with a key nobody knows. */
function verifiedAsBackfill(): Promise<unknown> {
  const world = wholeWorld();
  const key = digestKey(world, '10T22');
  const digest = { fields: world.fieldsOf(BUCKET, key), inflated: Buffer.from('{}'), signature: '00' };
  return verifyDigest(digest, {
    bucket: BUCKET,
    key,
    ring: new Map(),
    keys: new WorldKeys(world),
    isBackfill: true,
    homeRegion: 'us-east-1',
    reading: READING,
  });
}

/** For every code, how the code that finds it comes to find it: by a case that awscli was asked too, or by hand. */
const MADE: { [Code in FaultCode]: () => Promise<Faults> } = {
  FILE_NOT_FOUND: of('log deleted'),
  NOT_GZIP: of('log not compressed'),
  CUT_SHORT: of('digest cut short'),

  DIGEST_NOT_JSON: of('digest that is JSON cut short'),
  DIGEST_NOT_OBJECT: of('digest that is a list'),
  DIGEST_FIELD_MISSING: of('digest with a field taken out'),
  DIGEST_MOVED: of('newest digest in the wrong place'),
  BACKFILL_TIME_MISSING: of('backfill digest without its time'),
  NOT_BACKFILL: by(verifiedAsBackfill),

  TIME_NOT_TEXT: of('signed digest with a start that is a number'),
  DATE_UNREADABLE: of('signed digest with an unreadable start'),
  DATE_TOO_LARGE: of('start in milliseconds since 1970'),
  DATE_OUT_OF_RANGE: by(() => addSeconds(fromDate(NOW), -3_000 * 366 * 86_400)),
  DATES_NOT_COMPARABLE: by(() => compareTimes(fromDate(NOW), { microseconds: 0n })),

  SIGNATURE_MISSING: of('signature missing'),
  SIGNATURE_WRONG: of('digest edited'),
  SIGNATURE_NOT_ASCII: by(() => signingHash('text', 'é0', KEY_A.value)),
  SIGNATURE_ODD_LENGTH: of('signature of odd length'),
  SIGNATURE_NOT_HEX: of('signature that is no hex'),
  SIGNED_TEXT_BROKEN: of('half a character in a link'),
  FINGERPRINT_NOT_TEXT: of('fingerprint a list'),
  PUBLIC_KEY_UNKNOWN: of('fingerprint null'),
  NO_PUBLIC_KEYS: of('no public keys'),
  PUBLIC_KEY_WITHOUT_VALUE: of('key without a value'),
  PUBLIC_KEY_UNREADABLE: of('key that is no DER'),
  PUBLIC_KEY_NOT_ASCII: by(() => signingHash('text', '00', 'é')),
  PUBLIC_KEY_PADDING: of('key with bad padding'),
  PUBLIC_KEY_LENGTH: of('key of a bad length'),
  PUBLIC_KEY_TOO_SMALL: by(signedTooSmall),

  LOG_LIST_MISSING: of('signed digest without logFiles'),
  LOG_LIST_WRONG: of('signed digest with logFiles a number'),
  LISTED_LOG_NOT_OBJECT: of('signed digest with a log that is a list'),
  LISTED_LOG_FIELD_MISSING: of('signed digest with a log without bucket'),

  TRAILING_DATA: of('log with text after it'),
  HASH_MISSING: of('signed digest with a log without hash'),
  HASH_DIFFERS: of('log edited'),
  LOG_FAILED: of('log cut on the wire'),
  LOG_UNREADABLE: () => faultsOf('denied to read a log', 'tell'),

  BUCKET_NOT_TEXT: by(() => bucketName(7)),
  BUCKET_NAME_WRONG: of('signed digest with a log in a bad bucket'),
  KEY_NOT_TEXT: by(() => objectKey(null)),
  KEY_EMPTY: of('signed digest with a log with an empty key'),
  LINK_NOT_TEXT: of('signed digest that links to a number'),

  START_AFTER_END: of('start after end'),
  TRAIL_ARN_WRONG: of('bad arn'),
  TRAIL_UNKNOWN: of('unknown trail'),
  ACCOUNT_NOT_NAMED: of('organization trail without account'),

  REGION_MISSING: inEnvironment({ AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined }, defaultRegion),
  REGION_NAME_WRONG: of('location that is no region'),
  ENDPOINT_WITHOUT_SCHEME: by(() => assertEndpointUrl('127.0.0.1:9')),
  PROFILE_UNKNOWN: inEnvironment({ AWS_PROFILE: 'nobody' }, assertProfile),
  CREDENTIALS_MISSING: inEnvironment({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }, askTrail),
  CREDENTIALS_PARTIAL: inEnvironment({ AWS_SECRET_ACCESS_KEY: undefined }, askTrail),
  ATTEMPTS_NOT_NUMBER: inEnvironment({ AWS_MAX_ATTEMPTS: 'many' }, askTrail),
  ATTEMPTS_TOO_FEW: inEnvironment({ AWS_MAX_ATTEMPTS: '0' }, askTrail),

  NOT_CONNECTED: by(() => askTrail('http://127.0.0.1:9')),
  CONNECT_TIMEOUT: by(withoutConnection),
  READ_TIMEOUT: byCalling(() => {}, 20),
  CONNECTION_CLOSED: byCalling((request) => request.socket.destroy()),
  BODY_CUT: of('digest cut on the wire'),
  ARN_BUCKET_AT_ENDPOINT: by(() =>
    connected(wholeWorld(), ({ buckets }) => buckets.readObject('arn:aws:s3:us-east-1:111122223333:accesspoint/logs', 'key')),
  ),

  SERVICE_REFUSED: of('no such bucket'),
  SERVICE_MESSAGE_EMPTY: of('denied log, told without a message'),
  REDIRECT_WITHOUT_ENDPOINT: byReading(301, '<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>'),
  LISTING_REPEATS: of('listing that leads to itself'),
  ANSWER_NOT_XML: of('location that is no XML'),
  ANSWER_NOT_OBJECT: byAsking('DescribeTrails', ['no object']),
  ANSWER_LACKS: of('a trail described without a bucket'),
  PUBLIC_KEY_NULL: byAsking('ListPublicKeys', { PublicKeyList: [null] }),
  TRAIL_NULL: byAsking('DescribeTrails', { trailList: [null] }),

  UNEXPECTED: by(() => {
    throw new Error('the disk is on fire');
  }),
};

/** What Python, botocore, urllib3 and expat say, and nobody else. */
const FOREIGN = new RegExp(
  [
    ...[
      'NoneType',
      "'(?:str|int|float|bool|list|dict)'",
      '\\bstr\\b',
      'object (?:is not|has no|does not)',
      'unhashable',
      'subscriptable',
      'iterable',
    ],
    ...['codec', 'C long', 'signed integer', 'int\\(\\)', 'datetimes', "'endswith'", 'Parser must', 'Unable to', 'date value', '--[a-z]'],
    ...[
      'Parameter validation',
      'bytes-like',
      'An error occurred',
      'when calling the',
      'IncompleteRead',
      'endpoint URL',
      'PKCS',
      'aws configure',
    ],
    ...[
      'regex',
      'config profile',
      'region_name',
      'max_attempts',
      'Path-style',
      'pagination',
      'syntax error',
      'junk after',
      'mismatched tag',
      'well-formed',
    ],
    ...[
      '[Pp]adding cannot',
      'Incorrect padding',
      'Odd-length',
      'Non-hexadecimal',
      'base64-encoded',
      "^'.*'$",
      'invalid format',
      'INVALID',
      'Marker',
    ],
  ].join('|'),
);

/** Words of a service are its own: only ours are looked at. */
const withoutQuotes = (text: string) => text.replace(/`[^`]*`/g, '``');

for (const [code, make] of Object.entries(MADE) as [FaultCode, () => Promise<Faults>][])
  test(`${code} is found by the code it is for, and is worded twice: as awscli does, and in our own words`, async () => {
    const made = [await make()].flat();
    const fault = made.find((one) => one?.code === code);
    assert.ok(fault, `found ${made.map((one) => one?.code).join(', ') || 'nothing'}`);
    const [ours, theirs] = [plainWords(fault), awscliWords(fault)];
    assert.doesNotMatch(withoutQuotes(ours), FOREIGN);
    assert.match(ours, /^(?:[a-z`]|[A-Z]\w*[A-Z0-9])/, 'begins in lower case, or with a name');
    assert.doesNotMatch(ours, /\.$|undefined|\[object/);
    assert.doesNotMatch(theirs, /undefined|\[object/);
    if (code !== 'UNEXPECTED') assert.notEqual(ours, theirs);
  });

test('every code in the table of our words is made', () => assert.deepEqual(Object.keys(MADE).sort(), Object.keys(PLAIN_WORDS).sort()));

/** All that a scheduled check of a world tells: reasons and files of findings, and messages of what stopped it. */
async function toldOf(world: World, arn: string): Promise<string[]> {
  const told: string[] = [];
  const state = { reached: async () => undefined, setReached: async () => {}, wasTold: async () => false, setTold: async () => {} };
  const bus = { put: async ({ detail }: IntegrityFinding) => void told.push(detail.reason, detail.file) };
  const doors = { buckets: new WorldBuckets(world), trails: worldTrails(world), keysIn: () => new WorldKeys(world), bus, state };
  await watchTrails([{ arn, bucket: BUCKET }], doors, {
    ...{ now: new Date('2026-03-11T06:30:00Z'), reading: READING, hours: 24, windowHours: 24, concurrency: 8, timeLeftMs: () => 300_000 },
    onFailure: (_, error) => told.push(error instanceof Error ? error.message : String(error)),
  });
  return told;
}

test('no finding of the scheduled check, and nothing it logs of a trail, speaks as Python or botocore do, whatever is damaged', async () => {
  let count = 0;
  for (const chosen of CASES.filter(({ damage }) => damage)) {
    const told = await toldOf(worldOf(chosen), requestOf(chosen).trailArn);
    for (const text of told) assert.doesNotMatch(withoutQuotes(text), FOREIGN, chosen.name);
    count += told.length;
  }
  assert.ok(count > 150, `only ${count} told`);
});
