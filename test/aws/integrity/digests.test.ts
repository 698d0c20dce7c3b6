// Objects read by signed requests: what is tried again, what is not, and in which region a bucket is asked.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { S3TrailBuckets } from '../../../aws/integrity/digests.ts';
import { callJson } from '../../../aws/integrity/jsoncalls.ts';
import { ConnectionError, SignedRequests } from '../../../aws/integrity/signedrequests.ts';
import { awscliMessage } from '../../../events/digest/awscli/index.ts';
import type { ServiceError } from '../../../events/digest/index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Runs against a server that gives these answers, one a request; the location of a bucket is answered besides. */
async function against<T>(
  answers: Answer[],
  run: (url: string, buckets: S3TrailBuckets, asked: IncomingMessage[], requests: SignedRequests) => Promise<T>,
  maxAttempts = 3,
): Promise<T> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (request.url!.endsWith('?location')) return void response.end('<LocationConstraint/>');
    asked.push(request);
    const answer = answers.shift();
    if (answer) answer(request, response);
    else response.writeHead(418).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' });
  const requests = new SignedRequests({
    credentials,
    maxAttempts,
    maxHeldBytes: 2 ** 21,
    silenceMs: 60_000,
    random: () => 0,
    sleep: async () => {},
  });
  const saved = process.env['AWS_ENDPOINT_URL_S3'];
  process.env['AWS_ENDPOINT_URL_S3'] = url;
  try {
    return await run(url, new S3TrailBuckets(requests, 'us-east-1'), asked, requests);
  } finally {
    if (saved === undefined) delete process.env['AWS_ENDPOINT_URL_S3'];
    else process.env['AWS_ENDPOINT_URL_S3'] = saved;
    requests.close();
    server.closeAllConnections();
    server.close();
  }
}

const gives =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);
const cuts: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': 10 }).write('short');
  setTimeout(() => response.destroy(), 5);
};
const error = (code: string, extra = '') =>
  `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>it &amp; that</Message>${extra}</Error>`;

test('an object comes with its bytes as stored and its metadata', () =>
  against(
    [gives(200, 'bytes', { 'content-encoding': 'gzip', 'x-amz-meta-signature': 'ab', 'x-amz-meta-signature-algorithm': 'SHA256withRSA' })],
    async (_, buckets, asked) => {
      const { bytes, metadata } = await buckets.readObject('bucket', "a key/with ~'()* ü+.gz");
      assert.equal(Buffer.from(bytes).toString(), 'bytes');
      assert.deepEqual(metadata, { signature: 'ab', 'signature-algorithm': 'SHA256withRSA' });
      assert.equal(asked[0]!.url, '/bucket/a%20key/with%20~%27%28%29%2A%20%C3%BC%2B.gz');
    },
  ));

test('passing failures are tried again: server errors, throttling, answers cut short, connections lost', () =>
  against(
    [
      gives(500, error('InternalError')),
      gives(503, error('SlowDown')),
      cuts,
      (request) => request.socket.destroy(),
      gives(400, error('RequestTimeout')),
      gives(200, 'done'),
    ],
    async (_, buckets, asked) => {
      const { bytes } = await buckets.readObject('bucket', 'key');
      assert.equal(Buffer.from(bytes).toString(), 'done');
      assert.equal(asked.length, 6);
    },
    9,
  ));

test('a failure that stays is told with the number of tries', () =>
  against([gives(503, error('SlowDown')), gives(503, error('SlowDown')), gives(503, error('SlowDown'))], async (_, buckets) => {
    await assert.rejects(buckets.readObject('bucket', 'key'), (thrown: ServiceError) => {
      assert.equal(
        awscliMessage(thrown),
        'An error occurred (SlowDown) when calling the GetObject operation (reached max retries: 2): it & that',
      );
      assert.equal(thrown.message, 'GetObject was answered with the error SlowDown, after 3 tries: it & that');
      assert.equal(thrown.refusal.errorCode, 'SlowDown');
      return true;
    });
  }));

test('an answer that stays short is no answer', () =>
  against([cuts, cuts, cuts], async (_, buckets) => {
    await assert.rejects(buckets.readObject('bucket', 'key'), (thrown: Error) => {
      assert.ok(thrown instanceof ConnectionError);
      assert.match(awscliMessage(thrown), /IncompleteRead\(5 bytes read, 5 more expected\)/);
      return true;
    });
  }));

test('a refusal is not tried again', () =>
  against([gives(403, error('AccessDenied')), gives(200)], async (_, buckets, asked) => {
    await assert.rejects(buckets.readObject('bucket', 'key'), {
      message: 'GetObject was answered with the error AccessDenied: it & that',
    });
    assert.equal(asked.length, 1);
  }));

test('nobody at the endpoint is told with its address', () =>
  against([], async (url, _, __, requests) => {
    process.env['AWS_ENDPOINT_URL_S3'] = 'http://127.0.0.1:9';
    await assert.rejects(new S3TrailBuckets(requests, 'us-east-1').readObject('bucket', 'key'), {
      fault: { code: 'NOT_CONNECTED', url: 'http://127.0.0.1:9/bucket?location' },
    });
    assert.ok(url);
  }));

for (const [name, answer] of [
  ['a header', gives(301, error('PermanentRedirect'), { 'x-amz-bucket-region': 'eu-west-1' })],
  ['the error', gives(400, error('AuthorizationHeaderMalformed', '<Region>eu-west-1</Region>'))],
] as const)
  test(`a bucket elsewhere is asked again in the region that ${name} names, and there from then on`, () =>
    against([answer, gives(200, 'there'), gives(200, 'again')], async (_, buckets, asked) => {
      assert.equal(Buffer.from((await buckets.readObject('bucket', 'key')).bytes).toString(), 'there');
      await buckets.readObject('bucket', 'key');
      const regions = asked.map(({ headers }) => /Credential=[^/]+\/\d+\/([^/]+)/.exec(headers.authorization!)![1]);
      assert.deepEqual(regions, ['us-east-1', 'eu-west-1', 'eu-west-1']);
    }));

test('a listing goes on page by page, with its keys decoded', () => {
  const page = (isTruncated: boolean, keys: string[], next = '') =>
    gives(
      200,
      `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>${next}${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`,
    );
  return against(
    [page(true, ['a%20b', 'c']), page(true, ['d'], '<NextMarker>e%2Bf</NextMarker>'), page(false, ['g'])],
    async (_, buckets, asked) => {
      const pages: string[][] = [];
      for await (const keys of buckets.listObjects('bucket', 'pre fix', 'mark')) pages.push(keys);
      assert.deepEqual(pages, [['a b', 'c'], ['d'], ['g']]);
      assert.deepEqual(
        asked.map(({ url }) => new URL(url!, 'http://x').searchParams.get('marker')),
        ['mark', 'c', 'e+f'],
      );
    },
  );
});

test('large answers wait for room', () =>
  against(
    Array.from({ length: 4 }, () => gives(200, 'x'.repeat(1_500_000), { 'content-length': '1500000' })),
    async (_, buckets) => {
      const read = await Promise.all(['a', 'b', 'c', 'd'].map((key) => buckets.readObject('bucket', key)));
      assert.deepEqual(
        read.map(({ bytes }) => bytes.length),
        Array(4).fill(1_500_000),
      );
    },
  ));

test('a JSON service’s error is told with its code and message', () =>
  against([gives(400, '{"__type":"com.amazon#AccessDeniedException","Message":"no"}'), gives(403, '')], async (url, _, __, requests) => {
    const service = { requests, name: 'cloudtrail', region: 'us-east-1', endpointUrl: url } as const;
    await assert.rejects(callJson(service, 'ListPublicKeys', {}), {
      refusal: { operation: 'ListPublicKeys', errorCode: 'AccessDeniedException', said: 'no' },
    });
    await assert.rejects(callJson(service, 'ListPublicKeys', {}), {
      refusal: { operation: 'ListPublicKeys', errorCode: '403', said: '' },
    });
  }));

test('requests are signed over path, query, session and payload', () =>
  against([gives(200)], async (url, _, asked, requests) => {
    await callJson({ requests, name: 'cloudtrail', region: 'eu-north-1', endpointUrl: url }, 'DescribeTrails', { a: 1 });
    const { headers } = asked[0]!;
    assert.match(headers.authorization!, /Credential=AKIDEXAMPLE\/\d{8}\/eu-north-1\/cloudtrail\/aws4_request/);
    assert.match(
      headers.authorization!,
      /SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amz-target/,
    );
    assert.equal(headers['x-amz-target'], 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.DescribeTrails');
  }));
