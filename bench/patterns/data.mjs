// Rule sets and events for the benchmark: those of a data folder where there is one, else made here from a seed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The same numbers for the same seed (mulberry32). */
function numbersFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const SERVICES = {
  ec2: ['RunInstances', 'DescribeInstances', 'AuthorizeSecurityGroupIngress', 'ModifySnapshotAttribute', 'DescribeVolumes'],
  iam: ['CreateAccessKey', 'AttachUserPolicy', 'ListUsers', 'CreateUser', 'GetRole'],
  s3: ['GetObject', 'PutObject', 'PutBucketPolicy', 'ListBuckets', 'DeleteBucket'],
  sts: ['AssumeRole', 'GetCallerIdentity'],
  cloudtrail: ['StopLogging', 'LookupEvents', 'DescribeTrails', 'UpdateTrail'],
  kms: ['Decrypt', 'ScheduleKeyDeletion', 'GenerateDataKey'],
};

/** One CloudTrail record as EventBridge would give it. */
function trailEvent(number, random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const service = pick(Object.keys(SERVICES));
  const address = random() < 0.2 ? `${service}.amazonaws.com` : `203.0.113.${Math.floor(random() * 256)}`;
  const user = `user${Math.floor(random() * 200)}`;
  const permissions = {
    items: [{ fromPort: pick([22, 443, 3389]), ipRanges: { items: [{ cidrIp: pick(['0.0.0.0/0', '10.0.0.0/8']) }] } }],
  };
  const detail = {
    eventVersion: '1.11',
    userIdentity: { type: pick(['IAMUser', 'AssumedRole', 'Root']), arn: `arn:aws:iam::111122223333:user/${user}`, userName: user },
    eventTime: '2026-11-07T05:11:00Z',
    eventSource: `${service}.amazonaws.com`,
    eventName: pick(SERVICES[service]),
    awsRegion: pick(['us-east-1', 'eu-central-1']),
    sourceIPAddress: address,
    userAgent: pick(['aws-cli/2.31.0', 'console.amazonaws.com', 'Boto3/1.40']),
    ...(random() < 0.1 ? { errorCode: pick(['AccessDenied', 'Client.UnauthorizedOperation']) } : {}),
    requestParameters: random() < 0.3 ? { ipPermissions: permissions, bucketName: `logs-${Math.floor(random() * 50)}` } : null,
    responseElements: null,
    requestID: `request-${number}`,
    eventID: `event-${number}`,
    readOnly: random() < 0.7,
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
  };
  const head = {
    version: '0',
    id: `${number}`,
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: '111122223333',
  };
  return { ...head, time: '2026-11-07T05:11:00Z', region: detail.awsRegion, resources: [], detail };
}

function trailRules(count, random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const detail = () => {
    const service = pick(Object.keys(SERVICES));
    return pick([
      {
        eventSource: [`${service}.amazonaws.com`],
        eventName: [pick(SERVICES[service]), `${pick(SERVICES[service])}${Math.floor(random() * 500)}`],
      },
      { eventName: [{ prefix: pick(SERVICES[service]).slice(0, 8) }], userIdentity: { type: ['Root'] } },
      { eventName: [pick(SERVICES[service])], errorCode: [{ exists: true }] },
      { eventName: [pick(SERVICES[service])], sourceIPAddress: [{ cidr: `203.0.${Math.floor(random() * 256)}.0/26` }] },
      { userIdentity: { arn: [{ wildcard: `*:user/user${Math.floor(random() * 400)}` }] }, readOnly: [false] },
      {
        requestParameters: {
          ipPermissions: { items: { fromPort: [{ numeric: ['>=', 20, '<', 30] }], ipRanges: { items: { cidrIp: ['0.0.0.0/0'] } } } },
        },
      },
    ]);
  };
  return Array.from({ length: count }, (_, index) => ({ name: `rule${index}`, pattern: JSON.stringify({ detail: detail() }) }));
}

/** Small events with an array of points, and five rules of each operator. */
function pointEvent(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const point = () => ({ x: -122.5 + random() / 5, y: 37.7 + random() / 5, z: 0 });
  const points = Array.from({ length: 12 }, point);
  const properties = {
    lot: `${1000000 + Math.floor(random() * 9000000)}`,
    street: pick(['Fulton', 'mason', 'Geary', 'JUDAH', 'Irving']),
    kind: pick(['ST', 'AVE', 'BLVD']),
  };
  return { type: 'Feature', properties, geometry: { type: pick(['Polygon', 'MultiPolygon']), points, first: points[0] } };
}

const five = (leaf) => Array.from({ length: 5 }, (_, index) => ({ name: `rule${index}`, pattern: JSON.stringify(leaf(index)) }));
const STREETS = ['fulton', 'MASON', 'geary', 'judah', 'IRVING'];
const POINT_RULES = {
  exact: five((index) => ({ properties: { lot: [`${1430022 + index * 1177095}`] } })),
  prefix: five((index) => ({ properties: { lot: [{ prefix: `${14 + index * 11}` }] } })),
  suffix: five((index) => ({ properties: { lot: [{ suffix: `${17 + index * 11}` }] } })),
  wildcard: five((index) => ({ properties: { lot: [{ wildcard: `${index + 1}*${index}*${index + 2}` }] } })),
  'ignore-case': five((index) => ({ properties: { street: [{ 'equals-ignore-case': STREETS[index] }] } })),
  'anything-but': five((index) => ({ properties: { street: [{ 'anything-but': [STREETS[index]] }] } })),
  numeric: five((index) => ({ geometry: { first: { x: [{ numeric: ['<', -122.48 + index / 50] }] } } })),
  arrays: five((index) => ({
    geometry: { type: ['Polygon'], points: { x: [{ numeric: ['<', -122.49 + index / 50] }], y: [{ numeric: ['>', 37.89] }] } },
  })),
};

/** Writes events and rule sets of our own into `folder`; gives name, rules file and events file of each set. */
export function makeData(folder) {
  const random = numbersFrom(20261122);
  const write = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const lines = (count, make) => Array.from({ length: count }, (_, index) => JSON.stringify(make(index))).join('\n');
  const points = write(
    'points.ndjson',
    lines(60_000, () => pointEvent(random)),
  );
  const trail = write(
    'trail.ndjson',
    lines(60_000, (index) => trailEvent(index, random)),
  );
  const set = (name, rules, events) => ({ name, rules: write(`${name}.json`, JSON.stringify(rules)), events });
  const operators = Object.entries(POINT_RULES).map(([name, rules]) => set(`points, ${name}`, rules, points));
  return [...operators, ...[1, 36, 1000].map((count) => set(`CloudTrail, ${count} rules`, trailRules(count, random), trail))];
}

/** The sets of a data folder with `rules/NAME.json` and `lots.ndjson.gz`, `trail.ndjson.gz`; events are repeated so that compiling doesn't weigh. */
export function givenData(source, folder) {
  if (!existsSync(join(source, 'rules'))) throw new Error(`no rules in ${source}: give the folder that holds rules/ and the events`);
  const events = {};
  for (const name of ['lots', 'trail']) {
    const text = gunzipSync(readFileSync(join(source, `${name}.ndjson.gz`))).toString('utf8');
    events[name] = join(folder, `${name}-given.ndjson`);
    writeFileSync(events[name], text.repeat(4));
  }
  const sets = readdirSync(join(source, 'rules')).filter((name) => name.endsWith('.json'));
  return sets.sort().map((name) => ({
    name: name.slice(0, -'.json'.length),
    rules: join(source, 'rules', name),
    events: events[name.startsWith('lots') ? 'lots' : 'trail'],
  }));
}
