// A local endpoint that answers for a world as S3, CloudTrail and Organizations do, errors and all.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault, Operation, World } from './world.ts';

const xml = (text: string) => text.replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char]!);

function sendXml(response: ServerResponse, status: number, body: string): void {
  const text = body === '' ? '' : `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(text) }).end(text);
}

function sendError(response: ServerResponse, status: number, code: string | undefined, message = ''): void {
  const body = `<Error><Code>${code}</Code><Message>${xml(message)}</Message><RequestId>1</RequestId><HostId>2</HostId></Error>`;
  sendXml(response, status, code === undefined ? '' : body);
}

/** The fault at a place, when it still happens. */
function faultAt(world: World, place: string): Fault | undefined {
  const fault = world.faults.get(place);
  if (fault?.times === undefined) return fault;
  if (fault.times === 0) return undefined;
  fault.times--;
  return fault;
}

function listObjects(world: World, bucket: string, query: URLSearchParams, response: ServerResponse): void {
  const [prefix, marker, delimiter] = ['prefix', 'marker', 'delimiter'].map((name) => query.get(name) ?? '') as [string, string, string];
  const after = [...world.buckets.get(bucket)!.keys()].filter((key) => key.startsWith(prefix) && key > marker).sort();
  // S3 form-encodes: a blank is a plus.
  const formEncoded = (key: string) => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
  const encode = (key: string) => (query.get('encoding-type') === 'url' ? formEncoded(key) : xml(key));
  if (delimiter) {
    const folders = new Set(
      after.filter((key) => key.indexOf('/', prefix.length) > 0).map((key) => key.slice(0, key.indexOf('/', prefix.length) + 1)),
    );
    const common = [...folders].map((folder) => `<CommonPrefixes><Prefix>${encode(folder)}</Prefix></CommonPrefixes>`).join('');
    sendXml(
      response,
      200,
      `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${common}</ListBucketResult>`,
    );
    return;
  }
  const page = after.slice(0, world.pageSize);
  const contents = page.map((key) => `<Contents><Key>${encode(key)}</Key><Size>1</Size></Contents>`).join('');
  const head = `<Name>${bucket}</Name><Prefix>${encode(prefix)}</Prefix><Marker>${encode(marker)}</Marker><MaxKeys>1000</MaxKeys>`;
  const flags = `<EncodingType>url</EncodingType><IsTruncated>${after.length > page.length}</IsTruncated>`;
  sendXml(response, 200, `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${head}${flags}${contents}</ListBucketResult>`);
}

function getObject(world: World, bucket: string, key: string, response: ServerResponse): void {
  const thing = world.buckets.get(bucket)!.get(key);
  if (!thing) {
    sendError(response, 404, 'NoSuchKey', 'The specified key does not exist.');
    return;
  }
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'content-length': thing.bytes.length,
  };
  for (const [name, value] of Object.entries(thing.metadata)) headers[world.spellHeader(`x-amz-meta-${name}`)] = value;
  response.writeHead(200, headers).end(thing.bytes);
}

function answerS3(world: World, url: URL, response: ServerResponse): void {
  const [bucket, ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent) as [string, ...string[]];
  const key = rest.join('/');
  const isLocation = url.searchParams.has('location');
  const fault = faultAt(world, isLocation ? `location:${bucket}` : key ? `${bucket}/${key}` : bucket);
  if (fault?.isCut) {
    response.writeHead(200, { 'content-length': 1_000 }).write('cut', () => setTimeout(() => response.destroy(), 20));
    return;
  }
  if (fault?.body !== undefined) {
    response.writeHead(fault.status, fault.headers).end(fault.body);
    return;
  }
  if (fault) {
    sendError(response, fault.status, fault.code, fault.message);
    return;
  }
  if (!world.buckets.has(bucket)) {
    sendError(response, 404, 'NoSuchBucket', 'The specified bucket does not exist');
    return;
  }
  if (isLocation) {
    const region = world.regions.get(bucket) ?? '';
    sendXml(response, 200, `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${region}</LocationConstraint>`);
    return;
  }
  if (key === '') listObjects(world, bucket, url.searchParams, response);
  else getObject(world, bucket, key, response);
}

const OPERATIONS: Record<string, Operation> = {
  DescribeTrails: (world) => ({ trailList: world.trails }),
  ListPublicKeys: (world, input: Record<string, number>) => ({
    PublicKeyList: world.keys
      .filter(
        ({ validFrom, validUntil }) =>
          validFrom.getTime() / 1000 <= input['EndTime']! && validUntil.getTime() / 1000 >= input['StartTime']!,
      )
      .map(({ fingerprint, value, validFrom, validUntil }) => ({
        Fingerprint: fingerprint,
        Value: value,
        ValidityStartTime: validFrom.getTime() / 1000,
        ValidityEndTime: validUntil.getTime() / 1000,
      })),
  }),
  DescribeOrganization: (world) => ({ Organization: { Id: world.organizationId } }),
};

function answerJson(world: World, operation: string, body: string, response: ServerResponse): void {
  const send = (status: number, answer: unknown) => {
    const text = answer === undefined ? '' : JSON.stringify(answer);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'content-length': Buffer.byteLength(text) }).end(text);
  };
  const fault = faultAt(world, operation);
  if (fault) send(fault.status, fault.code === undefined ? undefined : { __type: fault.code, message: fault.message });
  else send(200, (world.operations.get(operation) ?? OPERATIONS[operation]!)(world, JSON.parse(body) as never));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

export interface TestEndpoint {
  url: string;
  /** What is answered for; may be exchanged while it runs. */
  world: World;
  /** Most requests that were being answered at one time. */
  peak: number;
  requests: number;
  close(): Promise<void>;
}

/** Answers for a world on a free port of this machine, each request after `latencyMs`. */
export async function startEndpoint(world: World, latencyMs = 0, port = 0): Promise<TestEndpoint> {
  let active = 0;
  const endpoint = { world, peak: 0, requests: 0 } as TestEndpoint;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    active++;
    endpoint.requests++;
    endpoint.peak = Math.max(endpoint.peak, active);
    const body = await bodyOf(request);
    if (latencyMs > 0) await new Promise((resume) => setTimeout(resume, latencyMs));
    active--;
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') answerJson(endpoint.world, target.split('.').at(-1)!, body, response);
    else answerS3(endpoint.world, new URL(request.url!, 'http://local'), response);
  };
  const server: Server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  endpoint.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  endpoint.close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return endpoint;
}
