// The cases awscli was asked, each a world with something done to it, and a call.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { CheckRequest } from '../../../events/digest/awscli/index.ts';
import { type ChainKey, type ChainTrail, type Fault, type ObjectFields, signedText, signingKey, trailArn, World } from './world.ts';

export interface Case {
  name: string;
  /** What is done to the world before the call. */
  damage?: (world: World) => void;
  /** Options besides `--trail-arn`, `--start-time` and `--end-time`, or instead of them. */
  args?: string[];
  trail?: ChainTrail;
  arn?: string;
  start?: string;
  end?: string | null;
}

export const OWNER = '111122223333';
export const MEMBER = '444455556666';
export const BUCKET = 'trail-logs';

export const MAIN: ChainTrail = { name: 'main', homeRegion: 'us-east-1', owner: OWNER, bucket: BUCKET };
export const PREFIXED: ChainTrail = { ...MAIN, name: 'pre.fixed+', bucket: 'other-logs', prefix: 'team/a.b' };
export const ORGANIZATION: ChainTrail = {
  name: 'org',
  homeRegion: 'eu-west-1',
  owner: '999988887777',
  bucket: 'org-logs',
  organizationId: 'o-example1234',
};

/** A prefix with every kind of character that a path, a query or a pattern has to treat with care. */
const ODD: ChainTrail = { ...MAIN, name: 'odd_name-1', bucket: 'odd.logs', prefix: "a b/ü+%/(x)*'~&=" };

export const KEY_A = signingKey('aa11aa11aa11aa11aa11aa11aa11aa11', '2026-02-01T00:00:00Z', '2026-03-11T00:30:00Z');
export const KEY_B = signingKey('bb22bb22bb22bb22bb22bb22bb22bb22', '2026-03-10T23:30:00Z', '2026-04-20T00:00:00Z');
const STRANGE_KEY = signingKey('cc33cc33cc33cc33cc33cc33cc33cc33', '2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z');

const FROM = new Date('2026-03-10T18:00:00Z');
const MIDNIGHT = new Date('2026-03-11T00:00:00Z');

/** Twelve hours over midnight, in two regions, with a backfill, a key rotation, a trail with a prefix and one of an organization. */
function makeWorld(): World {
  const world = new World();
  world.pageSize = 7;
  for (const trail of [MAIN, PREFIXED, ORGANIZATION]) world.addTrail(trail);
  for (const key of [KEY_A, KEY_B]) world.addKey(key);
  const evening = { trail: MAIN, account: OWNER, region: 'us-east-1', from: FROM, hours: [2, 1, 0, 3, 1, 2], key: KEY_A };
  const after = world.addChain(evening);
  world.addChain({ ...evening, from: MIDNIGHT, hours: [0, 1, 2, 1, 0, 2], key: KEY_B, after });
  world.addChain({ ...evening, region: 'eu-west-1', hours: [1, 0, 1, 1] });
  world.addChain({ ...evening, from: new Date('2026-03-10T21:00:00Z'), hours: [1, 0, 2], isBackfill: true, key: KEY_B });
  world.addChain({ ...evening, trail: PREFIXED, hours: [1, 1, 0] });
  world.addChain({ ...evening, trail: ORGANIZATION, account: MEMBER, region: 'eu-west-1', hours: [1, 2] });
  world.addChain({ ...evening, trail: ORGANIZATION, account: MEMBER, region: 'us-east-1', hours: [0, 1] });
  return world;
}

let made: World | undefined;

/** The world of all cases, for each case its own. */
export function wholeWorld(): World {
  made ??= makeWorld();
  return made.copy();
}

const stamp = (time: string) => `_us-east-1_main_us-east-1_202603${time}0000Z`;

/** The key of main's digest that ends at day and hour, `10T19`. */
export function digestKey(world: World, time: string, end = ''): string {
  const [key] = world.keysOf(BUCKET, new RegExp(`CloudTrail-Digest/.*${stamp(time)}${end}\\.json\\.gz$`));
  if (!key) throw new Error(`no digest at ${time}`);
  return key;
}

/** The key of the nth log file that main's digest at a time lists. */
export function logKey(world: World, time: string, index = 0, end = ''): string {
  const logs = world.fieldsOf(BUCKET, digestKey(world, time, end))['logFiles'] as { s3Object: string }[];
  return logs[index]!.s3Object;
}

type Change = (world: World) => void;

/** Changes the stored bytes of main's digest. */
const digestBytes =
  (time: string, change: (bytes: Buffer) => Uint8Array): Change =>
  (world) => {
    const thing = world.get(BUCKET, digestKey(world, time));
    thing.bytes = Buffer.from(change(thing.bytes));
  };

const digestMetadata =
  (time: string, change: (metadata: Record<string, string>) => void, end = ''): Change =>
  (world) =>
    change(world.get(BUCKET, digestKey(world, time, end)).metadata);

const logBytes =
  (time: string, change: (bytes: Buffer) => Uint8Array, index = 0): Change =>
  (world) => {
    const thing = world.get(BUCKET, logKey(world, time, index));
    thing.bytes = Buffer.from(change(thing.bytes));
  };

const dropDigests =
  (...times: string[]): Change =>
  (world) => {
    for (const time of times) world.delete(BUCKET, digestKey(world, time));
  };

const edit =
  (time: string, change: (fields: ObjectFields) => void, end = ''): Change =>
  (world) =>
    world.edit(BUCKET, digestKey(world, time, end), change);

const signerOf = (time: string): ChainKey => (time < '11T01' ? KEY_A : KEY_B);

const resign =
  (time: string, change: (fields: ObjectFields) => void): Change =>
  (world) =>
    world.resign(BUCKET, digestKey(world, time), signerOf(time), change);

const firstLog = (fields: ObjectFields) => (fields['logFiles'] as Record<string, unknown>[])[0]!;

const flipped = (at: number) => (bytes: Buffer) => {
  const changed = Buffer.from(bytes);
  const place = at < 0 ? changed.length + at : at;
  changed[place] = changed[place]! ^ 0xff;
  return changed;
};

const all =
  (...changes: Change[]): Change =>
  (world) => {
    for (const change of changes) change(world);
  };

const objectFault =
  (key: (world: World) => string, status: number, code?: string, message?: string, times?: number): Change =>
  (world) =>
    void world.faults.set(`${BUCKET}/${key(world)}`, {
      status,
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message }),
      ...(times !== undefined && { times }),
    });

const fault =
  (place: string, status: number, code?: string, message?: string, times?: number): Change =>
  (world) =>
    objectFaultAt(world, place, {
      status,
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message }),
      ...(times !== undefined && { times }),
    });

function objectFaultAt(world: World, place: string, value: Parameters<World['faults']['set']>[1]): void {
  world.faults.set(place, value);
}

/** Signs a digest with another hash or another key and leaves it where it is. */
const signWith =
  (time: string, hash: string, key: ChainKey): Change =>
  (world) => {
    const thing = world.get(BUCKET, digestKey(world, time));
    const inflated = gunzipSync(thing.bytes);
    const fields = JSON.parse(inflated.toString()) as ObjectFields;
    thing.metadata['signature'] = createSign(hash).update(signedText(fields, inflated)).sign(key.privateKey).toString('hex');
  };

/** A gzip file with every optional part of the header. */
const withHeaderParts = (bytes: Buffer): Buffer => {
  const inflated = gunzipSync(bytes);
  const plain = gzipSync(inflated);
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 3]),
    Buffer.from([3, 0, 1, 2, 3]),
    Buffer.from('name\0comment\0'),
    plain.subarray(10),
  ]);
};

/** A second chain that begins after a stop of the trail. */
const stoppedTrail: Change = (world) => {
  for (const key of world.keysOf(BUCKET, /CloudTrail-Digest\/us-east-1/)) world.delete(BUCKET, key);
  world.addChain({ trail: MAIN, account: OWNER, region: 'us-east-1', from: FROM, hours: [2, 1, -1, -1, 1, 0, -1, 2], key: KEY_A });
};

/** The trail delivered to an older bucket before. */
const movedTrail =
  (region?: string): Change =>
  (world) => {
    for (const key of world.keysOf(BUCKET, /CloudTrail-Digest\/us-east-1/)) world.delete(BUCKET, key);
    const old: ChainTrail = { ...MAIN, bucket: 'old-logs' };
    if (region) world.regions.set('old-logs', region);
    const chain = { account: OWNER, region: 'us-east-1', key: KEY_A };
    const after = world.addChain({ ...chain, trail: old, from: FROM, hours: [1, 2, 0, 1] });
    world.addChain({ ...chain, trail: MAIN, from: new Date('2026-03-10T22:00:00Z'), hours: [1, 1], after });
  };

const copyDigest = (world: World, time: string, key: string) => {
  const thing = world.get(BUCKET, digestKey(world, time));
  world.put(BUCKET, key, thing.bytes, thing.metadata);
};

const spkiKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

/** Gives each known key another value. */
const keyValue =
  (value: (old: string) => string | undefined): Change =>
  (world) => {
    world.keys = world.keys.map((key) => ({ ...key, value: value(key.value) as string }));
  };

const inBackfill = '_backfill';

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

const answered =
  (place: (world: World) => string, status: number, body: string, more: Partial<Fault> = {}): Change =>
  (world) =>
    void world.faults.set(place(world), { status, body, ...more });

const aDigest = (world: World) => `${BUCKET}/${digestKey(world, '10T22')}`;
const aLog = (world: World) => `${BUCKET}/${logKey(world, '10T22', 1)}`;
const listing = () => BUCKET;
const location = () => `location:${BUCKET}`;

const ODD_ANSWERS: Case[] = [
  {
    name: 'metadata named in capitals',
    damage: (world) => {
      world.spellHeader = (name) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
    },
  },
  { name: 'missing digest, told in a namespace', damage: answered(aDigest, 404, `<Error ${NAMESPACE}><Code>NoSuchKey</Code></Error>`) },
  {
    name: 'missing digest, told as other services do',
    damage: answered(aDigest, 404, '<ErrorResponse><Error><Code>NoSuchKey</Code><Message>no</Message></Error></ErrorResponse>'),
  },
  { name: 'missing digest, told without a message', damage: answered(aDigest, 404, '<Error><Code>NoSuchKey</Code></Error>') },
  { name: 'missing log, told as a page', damage: answered(aLog, 404, '<html><body>not here</body></html>') },
  { name: 'denied log, told without a message', damage: answered(aLog, 403, '<Error><Code>AccessDenied</Code><Message/></Error>') },
  { name: 'listing that is no XML', damage: answered(listing, 200, 'hello') },
  { name: 'listing that ends too early', damage: answered(listing, 200, '<ListBucketResult><Contents><Key>a</Key>', { times: 1 }) },
  { name: 'listing that is an error', damage: answered(listing, 200, '<Error><Code>InternalError</Code><Message>x</Message></Error>') },
  { name: 'listing of nothing at all', damage: answered(listing, 200, '') },
  {
    name: 'listing with a prefix for its namespace',
    damage: answered(
      listing,
      200,
      `<s3:ListBucketResult xmlns:s3="u"><s3:IsTruncated>true</s3:IsTruncated><s3:NextMarker>AWSLogs/</s3:NextMarker></s3:ListBucketResult>`,
      { times: 1 },
    ),
  },
  {
    name: 'listing that leads to itself',
    damage: answered(
      listing,
      200,
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextMarker>a</NextMarker><Contents><Key>a</Key></Contents></ListBucketResult>',
    ),
  },
  { name: 'location that is no XML', damage: answered(location, 200, 'eu-west-1') },
  { name: 'location that is nothing at all', damage: answered(location, 403, '') },
  { name: 'location that is no region', damage: answered(location, 200, '<LocationConstraint>a b</LocationConstraint>') },
  {
    name: 'location told by another region',
    damage: answered(location, 301, '<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>', {
      headers: { 'x-amz-bucket-region': 'eu-west-1' },
      times: 1,
    }),
  },
  {
    name: 'log in a bucket whose location is no region',
    damage: (world) => {
      world.put('far-logs', logKey(world, '11T06'), Buffer.from('x'));
      world.regions.set('far-logs', 'a b');
      world.resign(BUCKET, digestKey(world, '11T06'), KEY_B, (fields) => {
        firstLog(fields)['s3Bucket'] = 'far-logs';
      });
    },
  },
  {
    name: 'keys told once, then not',
    damage: (world) => {
      let asked = 0;
      const keys = world.keys.map(({ fingerprint, value }) => ({ Fingerprint: fingerprint, Value: value }));
      world.operations.set('ListPublicKeys', () => (asked++ === 0 ? { PublicKeyList: keys } : {}));
    },
  },
  { name: 'too many requests', damage: fault(BUCKET, 429, 'TooManyRequests', 'slow', 1) },
  { name: 'a region that is none', args: ['--region', 'a b'] },
  { name: 'an endpoint without scheme', args: ['--endpoint-url', '127.0.0.1:9'] },
  { name: 'a trail told with nulls', damage: (world) => void Object.assign(world.trails[0]!, { S3BucketName: null, S3KeyPrefix: null }) },
  {
    name: 'digest with numbers that only Python knows',
    damage: (world) => {
      const thing = world.get(BUCKET, digestKey(world, '10T22'));
      const inflated = Buffer.from(gunzipSync(thing.bytes).toString().replace('{', '{"a":NaN,"b":-Infinity,"c":"NaN",'));
      thing.bytes = gzipSync(inflated);
      thing.metadata['signature'] = createSign('sha256')
        .update(
          signedText(
            JSON.parse(
              gunzipSync(world.get(BUCKET, digestKey(world, '10T22')).bytes)
                .toString()
                .replace(/:(NaN|-Infinity)/g, ':0'),
            ) as ObjectFields,
            inflated,
          ),
        )
        .sign(KEY_A.privateKey)
        .toString('hex');
    },
  },
  {
    name: 'half a character in a link',
    damage: edit('10T22', (fields) => {
      fields['previousDigestSignature'] = '\ud800';
    }),
  },
];

export const CASES: Case[] = [
  // Intact, every way of asking
  { name: 'intact' },
  { name: 'intact, verbose order of region', args: ['--region', 'eu-west-1'] },
  { name: 'a region without digests', args: ['--region', 'ap-south-1'] },
  { name: 'a trail with a prefix', trail: PREFIXED },
  { name: 'bucket and prefix given', trail: PREFIXED, args: ['--s3-bucket', 'other-logs', '--s3-prefix', 'team/a.b'] },
  { name: 'bucket given, prefix forgotten', trail: PREFIXED, args: ['--s3-bucket', 'other-logs'] },
  { name: 'prefix given without bucket is ignored', trail: PREFIXED, args: ['--s3-prefix', 'other'] },
  { name: 'organization trail', trail: ORGANIZATION, args: ['--account-id', MEMBER] },
  { name: 'organization trail in another region', trail: ORGANIZATION, args: ['--account-id', MEMBER, '--region', 'us-east-1'] },
  { name: 'organization trail without account', trail: ORGANIZATION },
  { name: 'organization trail with bucket finds nothing', trail: ORGANIZATION, args: ['--account-id', MEMBER, '--s3-bucket', 'org-logs'] },
  { name: 'account given for a plain trail', args: ['--account-id', MEMBER] },
  {
    name: 'trail name that begins like another',
    damage: (world) => world.addTrail({ ...MAIN, name: 'mai' }),
    trail: { ...MAIN, name: 'mai' },
  },
  {
    name: 'a prefix with odd characters',
    damage: (world) => {
      world.addTrail(ODD);
      world.addChain({ trail: ODD, account: OWNER, region: 'us-east-1', from: FROM, hours: [1, 2, 1], key: KEY_A });
    },
    trail: ODD,
  },
  { name: 'prefix with a slash at the end', trail: PREFIXED, args: ['--s3-bucket', 'other-logs', '--s3-prefix', 'team/a.b/'] },
  { name: 'empty prefix given', args: ['--s3-bucket', BUCKET, '--s3-prefix', ''] },
  { name: 'empty account given', args: ['--account-id', ''] },
  { name: 'empty end', end: '', start: '2026-03-12', damage: (world) => world.buckets.get(BUCKET)!.clear(), arn: 'no arn' },
  {
    name: 'a log in another bucket and region',
    damage: (world) => {
      const key = logKey(world, '11T06');
      world.regions.set('far-logs', 'ap-southeast-2');
      world.put('far-logs', key, world.get(BUCKET, key).bytes);
      world.resign(BUCKET, digestKey(world, '11T06'), KEY_B, (fields) => {
        firstLog(fields)['s3Bucket'] = 'far-logs';
      });
    },
  },
  { name: 'the bucket in another region', damage: (world) => void world.regions.set(BUCKET, 'eu-west-1') },
  { name: 'the bucket in the region EU', damage: (world) => void world.regions.set(BUCKET, 'EU') },
  {
    name: 'a trail described without an organization flag and with an empty prefix',
    damage: (world) => void Object.assign(world.trails[0]!, { S3KeyPrefix: '', IsOrganizationTrail: false }),
  },
  { name: 'a trail described without a bucket', damage: (world) => void delete world.trails[0]!['S3BucketName'] },
  // Times
  { name: 'span inside one hour', start: '2026-03-10T20:10:00Z', end: '2026-03-10T20:20:00Z' },
  { name: 'span at a digest border', start: '2026-03-10T20:00:00Z', end: '2026-03-10T21:00:00Z' },
  { name: 'span of one moment', start: '2026-03-10T20:30:00Z', end: '2026-03-10T20:30:00Z' },
  { name: 'span before everything', start: '2026-03-01', end: '2026-03-02' },
  { name: 'span after everything', start: '2026-03-12', end: '2026-03-13' },
  { name: 'span that begins long before', start: '2026-02-20', end: '2026-03-10T20:30:00Z' },
  { name: 'compact times', start: '20260310T200000Z', end: '20260311T010000Z' },
  { name: 'times with an offset', start: '2026-03-10T20:00:00+05:00', end: '2026-03-11T01:00:00-08:00' },
  { name: 'times without zone and with fractions', start: '2026-03-10 20:00:00.999', end: '2026-03-11 01:00' },
  { name: 'dates in words', start: 'March 10, 2026 8pm', end: '11 Mar 2026 01:00 UTC' },
  { name: 'dates with slashes', start: '03/10/2026', end: '03/12/2026' },
  { name: 'start after end', start: '2026-03-12', end: '2026-03-11' },
  { name: 'start that is no date', start: 'last tuesday-ish' },
  { name: 'start in milliseconds since 1970', start: '1773172800000' },
  { name: 'start in seconds since 1970', start: '1773172800' },
  { name: 'start with a day no month has', start: '2026-02-30' },
  { name: 'end that is no date', end: 'never' },
  { name: 'empty start', start: '' },
  // Arguments
  { name: 'bad arn', arn: 'arn:aws:cloudtrail:us-east-1:1111:trail/main' },
  { name: 'arn that is a name', arn: 'main' },
  { name: 'unknown trail', arn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/other' },
  { name: 'unknown trail, bucket given', arn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/other', args: ['--s3-bucket', BUCKET] },
  { name: 'no such bucket', args: ['--s3-bucket', 'no-such-logs'] },
  { name: 'bucket name that is none', args: ['--s3-bucket', 'no such logs'] },
  { name: 'empty bucket name', args: ['--s3-bucket', ''] },
  { name: 'access denied to the location', damage: fault(`location:${BUCKET}`, 403, 'AccessDenied', 'Access Denied') },
  { name: 'access denied to the listing', damage: fault(BUCKET, 403, 'AccessDenied', 'Access Denied & more') },
  { name: 'denied without a body', damage: fault(BUCKET, 403) },
  { name: 'describing trails denied', damage: fault('DescribeTrails', 400, 'AccessDeniedException', 'User is not authorized') },
  {
    name: 'describing the organization denied',
    damage: fault('DescribeOrganization', 400, 'AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.'),
    trail: ORGANIZATION,
    args: ['--account-id', MEMBER],
  },
  { name: 'keys denied', damage: fault('ListPublicKeys', 400, 'AccessDeniedException', 'not authorized') },
  {
    name: 'keys refused with a namespaced code',
    damage: fault('ListPublicKeys', 400, 'com.amazonaws.cloudtrail#InvalidTimeRangeException', 'bad range'),
  },
  // Keys
  {
    name: 'no public keys',
    damage: (world) => {
      world.keys = [];
    },
  },
  {
    name: 'no public keys and no digests',
    damage: (world) => {
      world.keys = [];
    },
    start: '2026-03-01',
    end: '2026-03-02',
  },
  {
    name: 'one key missing',
    damage: (world) => {
      world.keys = world.keys.slice(1);
    },
  },
  { name: 'key rotated after the window', start: '2026-03-10T18:00:00Z', end: '2026-03-10T20:00:00Z' },
  { name: 'key that is base64 of nothing', damage: keyValue(() => '') },
  { name: 'key that is no DER', damage: keyValue(() => Buffer.from('not a key').toString('base64')) },
  { name: 'key in SPKI form', damage: keyValue(() => spkiKey()) },
  { name: 'key cut short', damage: keyValue((old) => Buffer.from(old, 'base64').subarray(0, 100).toString('base64')) },
  {
    name: 'key with bytes after it',
    damage: keyValue((old) => Buffer.concat([Buffer.from(old, 'base64'), Buffer.from('more')]).toString('base64')),
  },
  { name: 'key with bad padding', damage: keyValue((old) => `${old.slice(0, 358)}`) },
  { name: 'key of a bad length', damage: keyValue((old) => old.slice(0, 357)) },
  { name: 'key without a value', damage: keyValue(() => undefined) },
  { name: 'key with line breaks', damage: keyValue((old) => old.replace(/(.{64})/g, '$1\n')) },
  // Digests
  { name: 'newest digest deleted', damage: dropDigests('11T06') },
  { name: 'oldest digest deleted', damage: dropDigests('10T19') },
  { name: 'a digest deleted', damage: dropDigests('10T22') },
  { name: 'two digests in a row deleted', damage: dropDigests('10T22', '10T23') },
  { name: 'two digests apart deleted', damage: dropDigests('10T21', '10T23') },
  {
    name: 'all digests deleted',
    damage: (world) => {
      for (const key of world.keysOf(BUCKET, /Digest/)) world.delete(BUCKET, key);
    },
  },
  {
    name: 'all standard digests deleted',
    damage: (world) => {
      for (const key of world.keysOf(BUCKET, /Digest.*00Z.json.gz/)) world.delete(BUCKET, key);
    },
  },
  {
    name: 'digest edited',
    damage: edit('10T22', (fields) => {
      fields['digestEndTime'] = '2026-03-10T22:00:01Z';
    }),
  },
  {
    name: 'digest with a log taken out',
    damage: edit('10T22', (fields) => {
      fields['logFiles'] = [];
    }),
  },
  {
    name: 'digest with a field taken out',
    damage: edit('10T22', (fields) => {
      delete fields['previousDigestSignature'];
    }),
  },
  {
    name: 'digest without fingerprint',
    damage: edit('10T22', (fields) => {
      delete fields['digestPublicKeyFingerprint'];
    }),
  },
  {
    name: 'digest without start',
    damage: resign('10T22', (fields) => {
      delete fields['digestStartTime'];
    }),
  },
  {
    name: 'digest re-written in another form',
    damage: digestBytes('10T22', (bytes) => gzipSync(JSON.stringify(JSON.parse(gunzipSync(bytes).toString()), null, 1))),
  },
  { name: 'digest compressed anew', damage: digestBytes('10T22', (bytes) => gzipSync(gunzipSync(bytes), { level: 1 })) },
  { name: 'digest not compressed', damage: digestBytes('10T22', gunzipSync) },
  { name: 'digest empty', damage: digestBytes('10T22', () => Buffer.alloc(0)) },
  { name: 'digest cut short', damage: digestBytes('10T22', (bytes) => bytes.subarray(0, -20)) },
  { name: 'digest without its trailer', damage: digestBytes('10T22', (bytes) => bytes.subarray(0, -8)) },
  { name: 'digest with a wrong checksum', damage: digestBytes('10T22', flipped(-6)) },
  { name: 'digest with a wrong length', damage: digestBytes('10T22', flipped(-2)) },
  { name: 'digest with bytes after it', damage: digestBytes('10T22', (bytes) => Buffer.concat([bytes, Buffer.from('tail')])) },
  { name: 'digest with a second member', damage: digestBytes('10T22', (bytes) => Buffer.concat([bytes, gzipSync('more')])) },
  { name: 'digest with all header parts', damage: digestBytes('10T22', withHeaderParts) },
  { name: 'digest that is JSON cut short', damage: digestBytes('10T22', () => gzipSync('{"digestStartTime":')) },
  { name: 'digest that is not UTF-8', damage: digestBytes('10T22', () => gzipSync(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))) },
  {
    name: 'digest with a byte order mark',
    damage: digestBytes('10T22', (bytes) => gzipSync(Buffer.concat([Buffer.from('\ufeff'), gunzipSync(bytes)]))),
  },
  { name: 'digest that is a list', damage: digestBytes('10T22', () => gzipSync('[1]')) },
  { name: 'digest that is a text', damage: digestBytes('10T22', () => gzipSync('"x"')) },
  { name: 'digest that is a number', damage: digestBytes('10T22', () => gzipSync('5')) },
  { name: 'digest that is null', damage: digestBytes('10T22', () => gzipSync('null')) },
  { name: 'digest that is empty JSON', damage: digestBytes('10T22', () => gzipSync('{}')) },
  { name: 'digest of another hour in its place', damage: (world) => copyDigest(world, '10T21', digestKey(world, '10T22')) },
  {
    name: 'digest copied to another key',
    damage: (world) => copyDigest(world, '10T21', digestKey(world, '11T06').replace('060000Z', '061000Z')),
  },
  {
    name: 'digest of another bucket',
    damage: resign('10T22', (fields) => {
      fields['digestS3Bucket'] = 'elsewhere';
    }),
  },
  {
    name: 'signature missing',
    damage: digestMetadata('10T22', (metadata) => {
      delete metadata['signature'];
    }),
  },
  {
    name: 'signature algorithm missing',
    damage: digestMetadata('10T22', (metadata) => {
      delete metadata['signature-algorithm'];
    }),
  },
  {
    name: 'signature algorithm of another name',
    damage: digestMetadata('10T22', (metadata) => {
      metadata['signature-algorithm'] = 'none';
    }),
  },
  {
    name: 'signature in capitals',
    damage: digestMetadata('10T22', (metadata) => {
      metadata['signature'] = metadata['signature']!.toUpperCase();
    }),
  },
  {
    name: 'signature with one digit changed',
    damage: digestMetadata('10T22', (metadata) => {
      metadata['signature'] = `0${metadata['signature']!.slice(1)}`.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    }),
  },
  {
    name: 'signature too short',
    damage: digestMetadata('10T22', (metadata) => {
      metadata['signature'] = metadata['signature']!.slice(2);
    }),
  },
  {
    name: 'signature too long',
    damage: digestMetadata('10T22', (metadata) => {
      metadata['signature'] = `00${metadata['signature']}`;
    }),
  },
  {
    name: 'signature of odd length',
    damage: digestMetadata('10T22', (metadata) => {
      metadata['signature'] = metadata['signature']!.slice(1);
    }),
  },
  {
    name: 'signature that is no hex',
    damage: digestMetadata('10T22', (metadata) => {
      metadata['signature'] = 'zz'.repeat(256);
    }),
  },
  {
    name: 'signature empty',
    damage: digestMetadata('10T22', (metadata) => {
      metadata['signature'] = '';
    }),
  },
  {
    name: 'signature of the digest before',
    damage: (world) => {
      world.get(BUCKET, digestKey(world, '10T22')).metadata['signature'] = world.get(BUCKET, digestKey(world, '10T21')).metadata[
        'signature'
      ]!;
    },
  },
  { name: 'signed with SHA-512', damage: signWith('10T22', 'sha512', KEY_A) },
  { name: 'signed with SHA-1', damage: signWith('10T22', 'sha1', KEY_A) },
  { name: 'signed with an unknown key', damage: signWith('10T22', 'sha256', STRANGE_KEY) },
  {
    name: 'fingerprint of an unknown key',
    damage: edit('10T22', (fields) => {
      fields['digestPublicKeyFingerprint'] = STRANGE_KEY.fingerprint;
    }),
  },
  {
    name: 'fingerprint null',
    damage: edit('10T22', (fields) => {
      fields['digestPublicKeyFingerprint'] = null;
    }),
  },
  {
    name: 'fingerprint a list',
    damage: edit('10T22', (fields) => {
      fields['digestPublicKeyFingerprint'] = ['x'];
    }),
  },
  {
    name: 'fingerprint a number',
    damage: edit('10T22', (fields) => {
      fields['digestPublicKeyFingerprint'] = 12;
    }),
  },
  {
    name: 'fingerprint of the other key',
    damage: edit('10T22', (fields) => {
      fields['digestPublicKeyFingerprint'] = KEY_B.fingerprint;
    }),
  },
  {
    name: 'every digest edited',
    damage: (world) => {
      for (const key of world.keysOf(BUCKET, /Digest.us-east-1/))
        world.edit(BUCKET, key, (fields) => {
          fields['awsAccountId'] = 'x';
        });
    },
  },
  { name: 'denied to read a digest', damage: objectFault((world) => digestKey(world, '10T22'), 403, 'AccessDenied', 'Access Denied') },
  { name: 'digest key not found without a body', damage: objectFault((world) => digestKey(world, '10T22'), 404) },
  {
    name: 'digest in an archive',
    damage: objectFault(
      (world) => digestKey(world, '10T22'),
      403,
      'InvalidObjectState',
      "The operation is not valid for the object's storage class",
    ),
  },
  {
    name: 'digest busy once',
    damage: objectFault((world) => digestKey(world, '10T22'), 503, 'SlowDown', 'Please reduce your request rate.', 1),
  },
  {
    name: 'newest digest in the wrong place',
    damage: edit('11T06', (fields) => {
      fields['digestS3Object'] = 'elsewhere';
    }),
  },
  {
    name: 'key in the listing with another form',
    damage: (world) => world.put(BUCKET, digestKey(world, '10T22').replace('20260310T220000Z', '20260310T220000Z.bak'), Buffer.from('x')),
  },
  {
    name: 'key in the listing with letters for the time',
    damage: (world) => world.put(BUCKET, digestKey(world, '10T22').replace('20260310T220000Z', 'ZZZZ'), Buffer.from('x')),
  },
  {
    name: 'key in the listing with a time that is none',
    damage: (world) => world.put(BUCKET, digestKey(world, '11T06').replace('20260311T060000Z', '20260311T069999Z'), Buffer.from('x')),
  },
  {
    name: 'key in the listing without zone',
    damage: (world) => world.put(BUCKET, digestKey(world, '11T06').replace('20260311T060000Z', '_20260311T0600'), Buffer.from('x')),
  },
  // Odd but truly signed digests
  {
    name: 'signed digest with an unreadable start',
    damage: resign('11T06', (fields) => {
      fields['digestStartTime'] = 'soon';
    }),
  },
  {
    name: 'signed digest with a start that is a number',
    damage: resign('11T06', (fields) => {
      fields['digestStartTime'] = 5;
    }),
  },
  {
    name: 'signed digest with an end that is null',
    damage: resign('11T06', (fields) => {
      fields['digestEndTime'] = null;
    }),
  },
  {
    name: 'signed digest with an end that is unreadable',
    damage: resign('11T06', (fields) => {
      fields['digestEndTime'] = 'soon';
    }),
  },
  {
    name: 'signed digest with a start without zone',
    damage: resign('11T06', (fields) => {
      fields['digestStartTime'] = '2026-03-11T05:00:00';
    }),
  },
  {
    name: 'signed digest with a start with an offset',
    damage: resign('11T06', (fields) => {
      fields['digestStartTime'] = '2026-03-11T05:00:00+02:00';
    }),
  },
  {
    name: 'signed digest without logFiles',
    damage: resign('11T06', (fields) => {
      delete fields['logFiles'];
    }),
  },
  {
    name: 'signed digest with logFiles null',
    damage: resign('11T06', (fields) => {
      fields['logFiles'] = null;
    }),
  },
  {
    name: 'signed digest with logFiles a number',
    damage: resign('11T06', (fields) => {
      fields['logFiles'] = 3;
    }),
  },
  {
    name: 'signed digest with logFiles a text',
    damage: resign('11T06', (fields) => {
      fields['logFiles'] = 'abc';
    }),
  },
  {
    name: 'signed digest with a log that is null',
    damage: resign('11T06', (fields) => {
      fields['logFiles'] = [null];
    }),
  },
  {
    name: 'signed digest with a log that is a list',
    damage: resign('11T06', (fields) => {
      fields['logFiles'] = [[]];
    }),
  },
  {
    name: 'signed digest with a log without bucket',
    damage: resign('11T06', (fields) => {
      delete firstLog(fields)['s3Bucket'];
    }),
  },
  {
    name: 'signed digest with a log without key',
    damage: resign('11T06', (fields) => {
      delete firstLog(fields)['s3Object'];
    }),
  },
  {
    name: 'signed digest with a log without hash',
    damage: resign('11T06', (fields) => {
      delete firstLog(fields)['hashValue'];
    }),
  },
  {
    name: 'signed digest with a log with an empty key',
    damage: resign('11T06', (fields) => {
      firstLog(fields)['s3Object'] = '';
    }),
  },
  {
    name: 'signed digest with a log in a bad bucket',
    damage: resign('11T06', (fields) => {
      firstLog(fields)['s3Bucket'] = 'a b';
    }),
  },
  {
    name: 'signed digest with a log in a missing bucket',
    damage: resign('11T06', (fields) => {
      firstLog(fields)['s3Bucket'] = 'no-such-logs';
    }),
  },
  {
    name: 'signed digest with a log whose hash is in capitals',
    damage: resign('11T06', (fields) => {
      firstLog(fields)['hashValue'] = String(firstLog(fields)['hashValue']).toUpperCase();
    }),
  },
  {
    name: 'signed digest that links to an empty key',
    damage: resign('11T06', (fields) => {
      fields['previousDigestS3Object'] = '';
    }),
  },
  {
    name: 'signed digest that links to a number',
    damage: resign('11T06', (fields) => {
      fields['previousDigestS3Object'] = 7;
    }),
  },
  {
    name: 'signed digest that links to a missing key',
    damage: resign('11T06', (fields) => {
      fields['previousDigestS3Object'] = 'gone/20260311T050000Z.json.gz';
    }),
  },
  {
    name: 'signed digest that links to a key without time',
    damage: resign('11T06', (fields) => {
      fields['previousDigestS3Object'] = 'gone';
    }),
  },
  {
    name: 'signed digest that links to a backfill',
    damage: (world) =>
      world.resign(BUCKET, digestKey(world, '11T06'), KEY_B, (fields) => {
        fields['previousDigestS3Object'] = digestKey(world, '10T23', inBackfill);
      }),
  },
  {
    name: 'signed digest that links past one',
    damage: (world) =>
      world.resign(BUCKET, digestKey(world, '11T06'), KEY_B, (fields) => {
        fields['previousDigestS3Object'] = digestKey(world, '11T04');
      }),
  },
  {
    name: 'signed digest that links to a bad bucket',
    damage: resign('11T06', (fields) => {
      fields['previousDigestS3Bucket'] = 'a b';
    }),
  },
  {
    name: 'signed digest that links to a missing bucket',
    damage: resign('11T06', (fields) => {
      fields['previousDigestS3Bucket'] = 'no-such-logs';
    }),
  },
  {
    name: 'signed digest without link bucket',
    damage: resign('11T06', (fields) => {
      delete fields['previousDigestS3Bucket'];
    }),
  },
  {
    name: 'signed digest with non-ASCII text',
    damage: resign('11T06', (fields) => {
      fields['note'] = 'größer ☃ 𝄞';
    }),
  },
  {
    name: 'signed digest with a previous signature that is empty',
    damage: resign('11T06', (fields) => {
      fields['previousDigestSignature'] = '';
    }),
  },
  {
    name: 'signed digest with a previous hash that is wrong',
    damage: resign('11T06', (fields) => {
      fields['previousDigestHashValue'] = '00';
    }),
  },
  // Chains
  { name: 'trail stopped and started', damage: stoppedTrail },
  { name: 'trail stopped, and a digest deleted before the stop', damage: all(stoppedTrail, dropDigests('10T19')) },
  { name: 'trail stopped, and the first after the stop deleted', damage: all(stoppedTrail, dropDigests('10T23')) },
  { name: 'bucket changed', damage: movedTrail() },
  { name: 'bucket changed, the old one in another region', damage: movedTrail('eu-central-1') },
  { name: 'bucket changed, the old one gone', damage: all(movedTrail(), (world) => world.buckets.delete('old-logs')) },
  {
    name: 'bucket changed, a digest of the old one deleted',
    damage: all(movedTrail(), (world) => world.delete('old-logs', world.keysOf('old-logs', /Digest.*T210000Z/)[0]!)),
  },
  { name: 'history removed by a lifecycle', damage: dropDigests('10T19', '10T20', '10T21') },
  // Logs
  { name: 'log deleted', damage: (world) => world.delete(BUCKET, logKey(world, '10T22')) },
  {
    name: 'all logs deleted',
    damage: (world) => {
      for (const key of world.keysOf(BUCKET, /CloudTrail\/us-east-1/)) world.delete(BUCKET, key);
    },
  },
  { name: 'log edited', damage: logBytes('10T22', (bytes) => gzipSync(gunzipSync(bytes).toString().replace('us-east-1', 'us-east-2'))) },
  { name: 'log compressed anew', damage: logBytes('10T22', (bytes) => gzipSync(gunzipSync(bytes), { level: 1 })) },
  { name: 'log not compressed', damage: logBytes('10T22', gunzipSync) },
  { name: 'log empty', damage: logBytes('10T22', () => Buffer.alloc(0)) },
  { name: 'log of one wrong byte', damage: logBytes('10T22', () => Buffer.from('x')) },
  { name: 'log of two wrong bytes', damage: logBytes('10T22', () => Buffer.from('xx')) },
  { name: 'log cut in the header', damage: logBytes('10T22', (bytes) => bytes.subarray(0, 5)) },
  { name: 'log cut in the middle', damage: logBytes('10T22', (bytes) => bytes.subarray(0, bytes.length >> 1)) },
  { name: 'log cut in the trailer', damage: logBytes('10T22', (bytes) => bytes.subarray(0, -3)) },
  { name: 'log without its trailer', damage: logBytes('10T22', (bytes) => bytes.subarray(0, -8)) },
  { name: 'log with a wrong checksum', damage: logBytes('10T22', flipped(-6)) },
  { name: 'log with a wrong length', damage: logBytes('10T22', flipped(-2)) },
  { name: 'log with a wrong checksum and cut after it', damage: logBytes('10T22', (bytes) => flipped(-6)(bytes).subarray(0, -4)) },
  { name: 'log with zeros after it', damage: logBytes('10T22', (bytes) => Buffer.concat([bytes, Buffer.alloc(3)])) },
  { name: 'log with text after it', damage: logBytes('10T22', (bytes) => Buffer.concat([bytes, Buffer.from('tail')])) },
  { name: 'log with a second member', damage: logBytes('10T22', (bytes) => Buffer.concat([bytes, gzipSync('more')])) },
  { name: 'log edited and with text after it', damage: logBytes('10T22', () => Buffer.concat([gzipSync('{}'), Buffer.from('tail')])) },
  { name: 'log damaged inside', damage: logBytes('10T22', flipped(12)) },
  { name: 'log with an unknown method', damage: logBytes('10T22', flipped(2)) },
  { name: 'log with reserved flags', damage: logBytes('10T22', flipped(3)) },
  { name: 'log with all header parts', damage: logBytes('10T22', withHeaderParts) },
  {
    name: 'log swapped with another',
    damage: (world) => world.put(BUCKET, logKey(world, '10T22'), world.get(BUCKET, logKey(world, '10T22', 1)).bytes),
  },
  { name: 'denied to read a log', damage: objectFault((world) => logKey(world, '10T22', 1), 403, 'AccessDenied', 'Access Denied') },
  { name: 'log not found without a body', damage: objectFault((world) => logKey(world, '10T22', 1), 404) },
  {
    name: 'log whose encryption key is gone',
    damage: objectFault((world) => logKey(world, '10T22', 1), 400, 'KMS.DisabledException', 'arn:aws:kms:us-east-1:1:key/1 is disabled.'),
  },
  {
    name: 'log failing once',
    damage: objectFault((world) => logKey(world, '10T22', 1), 500, 'InternalError', 'We encountered an internal error.', 1),
  },
  {
    name: 'log failing always',
    damage: objectFault((world) => logKey(world, '10T22', 1), 500, 'InternalError', 'We encountered an internal error.'),
  },
  {
    name: 'several logs damaged',
    damage: all(
      logBytes('10T22', flipped(-2)),
      logBytes('10T22', (bytes) => gzipSync(bytes), 2),
      (world) => world.delete(BUCKET, logKey(world, '10T19')),
    ),
  },
  {
    name: 'log and digest damaged',
    damage: all(
      logBytes('11T03', flipped(-2)),
      dropDigests('10T24'.replace('10T24', '11T00')),
      edit('10T20', (fields) => {
        fields['digestEndTime'] = 'x';
      }),
    ),
  },
  {
    name: 'digest cut on the wire',
    damage: (world) => void world.faults.set(`${BUCKET}/${digestKey(world, '10T22')}`, { status: 200, isCut: true }),
  },
  {
    name: 'log cut on the wire',
    damage: (world) => void world.faults.set(`${BUCKET}/${logKey(world, '10T22')}`, { status: 200, isCut: true }),
  },
  {
    name: 'digest failing always',
    damage: objectFault((world) => digestKey(world, '10T22'), 503, 'SlowDown', 'Please reduce your request rate.'),
  },
  { name: 'keys throttled always', damage: fault('ListPublicKeys', 400, 'ThrottlingException', 'Rate exceeded') },
  { name: 'object with an html error', damage: fault(BUCKET, 502) },
  { name: 'nobody answers for CloudTrail', args: ['--endpoint-url', 'http://127.0.0.1:9'] },
  { name: 'endpoint for CloudTrail alone', args: ['--endpoint-url', 'http://127.0.0.1:9', '--s3-bucket', BUCKET] },
  // Answers that other endpoints than S3 give
  ...ODD_ANSWERS,
  // Backfill
  { name: 'backfill digest deleted', damage: (world) => world.delete(BUCKET, digestKey(world, '10T23', inBackfill)) },
  { name: 'oldest backfill digest deleted', damage: (world) => world.delete(BUCKET, digestKey(world, '10T22', inBackfill)) },
  {
    name: 'backfill digest without its time',
    damage: digestMetadata(
      '10T23',
      (metadata) => {
        delete metadata['backfill-generation-timestamp'];
      },
      inBackfill,
    ),
  },
  {
    name: 'backfill digest with a time that is none',
    damage: digestMetadata(
      '11T00',
      (metadata) => {
        metadata['backfill-generation-timestamp'] = 'soon';
      },
      inBackfill,
    ),
  },
  {
    name: 'backfill digest made when no key was valid',
    damage: digestMetadata(
      '11T00',
      (metadata) => {
        metadata['backfill-generation-timestamp'] = '2020-01-01T00:00:00Z';
      },
      inBackfill,
    ),
  },
  {
    name: 'backfill digest made when another key was valid',
    damage: digestMetadata(
      '11T00',
      (metadata) => {
        metadata['backfill-generation-timestamp'] = '2026-03-01T00:00:00Z';
      },
      inBackfill,
    ),
  },
  {
    name: 'backfill digest edited',
    damage: edit(
      '10T23',
      (fields) => {
        fields['digestStartTime'] = 'x';
      },
      inBackfill,
    ),
  },
  {
    name: 'backfill digest without signature',
    damage: digestMetadata(
      '10T23',
      (metadata) => {
        delete metadata['signature'];
      },
      inBackfill,
    ),
  },
  { name: 'log of a backfill digest deleted', damage: (world) => world.delete(BUCKET, logKey(world, '11T00', 1, inBackfill)) },
  {
    name: 'backfill chain in two parts',
    damage: (world) => {
      world.addChain({
        trail: MAIN,
        account: OWNER,
        region: 'us-east-1',
        from: MIDNIGHT,
        hours: [-1, 1, 1],
        key: KEY_B,
        isBackfill: true,
      });
    },
  },
  {
    name: 'only backfill digests',
    damage: (world) => {
      for (const key of world.keysOf(BUCKET, /Digest\/us-east-1.*Z\.json\.gz$/)) world.delete(BUCKET, key);
    },
  },
];

/** The words after `validate-logs` for a case. */
export function argumentsOf({
  arn,
  trail = MAIN,
  start = '2026-03-10T18:00:00Z',
  end = '2026-03-11T06:00:00Z',
  args = [],
}: Case): string[] {
  return ['--trail-arn', arn ?? trailArn(trail), '--start-time', start, ...(end === null ? [] : ['--end-time', end]), ...args];
}

/** What the words of a case ask for. */
export function requestOf(chosen: Case): CheckRequest {
  const words = argumentsOf(chosen);
  const word = (name: string, option: string) => (words.includes(option) ? { [name]: words[words.indexOf(option) + 1]! } : {});
  return {
    ...{ trailArn: words[1]!, startTime: words[3]!, endTime: words[5]! },
    ...word('s3Bucket', '--s3-bucket'),
    ...word('s3Prefix', '--s3-prefix'),
    ...word('accountId', '--account-id'),
    ...word('region', '--region'),
  };
}

/** The world of a case, damage done. */
export function worldOf({ damage }: Case): World {
  const world = wholeWorld();
  damage?.(world);
  return world;
}
