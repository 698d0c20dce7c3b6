// The buckets that hold a trail's digests and logs: listing and reading over lean signed requests, each bucket in its own region.
import type { StoredObject, TrailBuckets } from '../../events/digest/doors.ts';
import { IntegrityError } from '../../events/digest/index.ts';
import { assertRegionName, type Endpoint, resolveEndpoint } from './endpoints.ts';
import {
  AnsweredError,
  encodePath,
  type HttpAnswer,
  type ServiceComplaint,
  type SignedCall,
  type SignedRequests,
  statusError,
} from './signedrequests.ts';
import { child, readXml, type XmlElement, XmlError } from './xml.ts';

/** The answer's XML; undefined when it has none. */
function xmlOf({ body }: HttpAnswer): XmlElement | undefined {
  try {
    return readXml(body.toString());
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

/** What a gateway says instead of S3. */
const isGeneric = ({ status, body }: HttpAnswer): boolean => status >= 500 && /^\s*(<html>|$)/.test(body.toString());

/** Reads code and message of an S3 error as botocore does; without an XML body, the HTTP status. @throws IntegrityError for an empty message */
function s3Error(answer: HttpAnswer): ServiceComplaint {
  const root = isGeneric(answer) ? undefined : xmlOf(answer);
  if (!root) return statusError(answer);
  const isPlain = root.name === 'Error' && !root.isQualified;
  const [error, absent] = isPlain ? [root, 'Unknown'] : [child(root, 'Error'), ''];
  const [code, message] = [child(error, 'Code'), child(error, 'Message')];
  // A message that is there but empty stops awscli, which looks for words in it.
  if (message && message.text === undefined) throw new IntegrityError({ code: 'SERVICE_MESSAGE_EMPTY' });
  return { errorCode: code ? code.text : absent, said: message?.text ?? absent };
}

/** S3 may tell an error with status 200, and an answer may be cut short: both count as 500 and are asked again. */
function statusOf(answer: HttpAnswer): number {
  if (answer.status !== 200 || answer.body.length === 0) return answer.status;
  const root = xmlOf(answer);
  return !root || (root.name === 'Error' && !root.isQualified) ? 500 : 200;
}

/** Keys come form-encoded when asked for with `encoding-type=url`: S3 writes a blank as `+`. */
function decodeKey(key: string): string {
  const plain = key.replaceAll('+', ' ');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());
  }
}

/** One page of a listing. */
interface Page {
  keys: string[];
  prefixes: string[];
  /** Where the next page begins; undefined on the last one. */
  next: string | undefined;
}

function readPage(answer: HttpAnswer): Page {
  const root = answer.body.length === 0 ? undefined : xmlOf(answer);
  const decode = child(root, 'EncodingType')?.text === 'url' ? decodeKey : (text: string) => text;
  const texts = (outer: string, inner: string) =>
    (root?.children ?? []).filter(({ name }) => name === outer).map((element) => decode(child(element, inner)?.text ?? ''));
  const [keys, prefixes] = [texts('Contents', 'Key'), texts('CommonPrefixes', 'Prefix')];
  const named = child(root, 'NextMarker')?.text;
  const next = named === undefined ? keys.at(-1) : decode(named);
  return { keys, prefixes, next: child(root, 'IsTruncated')?.text === 'true' ? next : undefined };
}

const METADATA = 'x-amz-meta-';

/** User metadata, names spelled as they came: what looks for `signature` doesn't find `Signature`. */
function metadataOf(rawHeaders: readonly string[]): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [header, value] = [rawHeaders[i]!, rawHeaders[i + 1]!];
    if (!header.toLowerCase().startsWith(METADATA)) continue;
    const name = header.slice(METADATA.length);
    metadata[name] = metadata[name] === undefined ? value : `${metadata[name]}, ${value}`;
  }
  return metadata;
}

const ELSEWHERE_CODES: ReadonlySet<string | undefined> = new Set([
  ...['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'],
]);

/** The region an error says the bucket is in: S3 answers so when it was asked elsewhere. */
function regionToTry(error: unknown): string | undefined {
  if (!(error instanceof AnsweredError)) return undefined;
  const { status, headers } = error.answer;
  const isElsewhere = [301, 302, 307].includes(status) || ELSEWHERE_CODES.has(error.refusal.errorCode);
  if (!isElsewhere) return undefined;
  const named = headers['x-amz-bucket-region'];
  return (typeof named === 'string' ? named : undefined) ?? child(xmlOf(error.answer), 'Region')?.text;
}

/** A redirect that can't be followed is told with the place it leads to. */
function withEndpoint(error: unknown): unknown {
  if (!(error instanceof AnsweredError) || error.refusal.errorCode !== 'PermanentRedirect') return error;
  const movedTo = child(xmlOf(error.answer), 'Endpoint')?.text;
  if (movedTo === undefined) return new IntegrityError({ code: 'REDIRECT_WITHOUT_ENDPOINT' }, error);
  return new AnsweredError({ ...error.refusal, movedTo }, error.answer);
}

export class S3TrailBuckets implements TrailBuckets {
  private readonly requests: SignedRequests;
  private readonly homeRegion: string;
  private readonly places = new Map<string, Promise<Endpoint>>();

  /** @param homeRegion  where a bucket's own region is asked for */
  constructor(requests: SignedRequests, homeRegion: string) {
    this.requests = requests;
    this.homeRegion = homeRegion;
  }

  private async get(operation: string, bucket: string, place: Endpoint, key: string, query: Record<string, string>): Promise<HttpAnswer> {
    const { url: endpoint, region, isCustom } = place;
    if (isCustom && bucket.startsWith('arn:')) throw new IntegrityError({ code: 'ARN_BUCKET_AT_ENDPOINT', bucket });
    const path = (isCustom ? `/${bucket}` : '') + (key === '' && isCustom ? '' : `/${encodePath(key)}`);
    const call: SignedCall = { operation, service: 's3', region, endpoint, method: 'GET', path, query };
    // An object's bytes are never taken for an answer of S3.
    return this.requests.send(key === '' ? { ...call, statusOf } : call, s3Error);
  }

  /** Asked once a bucket. @throws XmlError when the answer is none, whatever its status: awscli looks for the region first */
  private async locate(bucket: string): Promise<Endpoint> {
    const home = await resolveEndpoint('s3', this.homeRegion, bucket);
    const { body } = await this.getOrMove('GetBucketLocation', bucket, home, '', { location: '' }).catch((error: unknown) => {
      if (error instanceof AnsweredError) readXml(error.answer.body.toString());
      throw error;
    });
    const region = readXml(body.toString()).text || 'us-east-1';
    assertRegionName(region);
    return resolveEndpoint('s3', region === 'EU' ? 'eu-west-1' : region, bucket);
  }

  private place(bucket: string): Promise<Endpoint> {
    const known = this.places.get(bucket);
    if (known) return known;
    const located = this.locate(bucket);
    this.places.set(bucket, located);
    located.catch(() => this.places.delete(bucket));
    return located;
  }

  /** Asks at a place; once more in another region when S3 says the bucket is there. */
  private async getOrMove(
    operation: string,
    bucket: string,
    place: Endpoint,
    key: string,
    query: Record<string, string>,
  ): Promise<HttpAnswer> {
    try {
      return await this.get(operation, bucket, place, key, query);
    } catch (error) {
      const region = regionToTry(error);
      if (region === undefined) throw withEndpoint(error);
      const moved = await resolveEndpoint('s3', region, bucket);
      if (operation !== 'GetBucketLocation') this.places.set(bucket, Promise.resolve(moved));
      return this.get(operation, bucket, moved, key, query).catch((again: unknown) => {
        throw withEndpoint(again);
      });
    }
  }

  /** Asks a bucket in its own region. */
  private async ask(operation: string, bucket: string, key: string, query: Record<string, string>): Promise<HttpAnswer> {
    return this.getOrMove(operation, bucket, await this.place(bucket), key, query);
  }

  /** A bucket's listing, page by page. @throws IntegrityError when a page leads to itself */
  private async *pages(bucket: string, query: Record<string, string>, marker: string): AsyncGenerator<Page> {
    for (let after: string | undefined = marker, before: string | undefined; after !== undefined; before = after) {
      const page = readPage(await this.ask('ListObjects', bucket, '', { ...query, marker: after, 'encoding-type': 'url' }));
      yield page;
      after = page.next;
      if (after !== undefined && after === before) throw new IntegrityError({ code: 'LISTING_REPEATS', marker: after });
    }
  }

  async *listObjects(bucket: string, prefix: string, marker: string): AsyncGenerator<string[]> {
    for await (const { keys } of this.pages(bucket, { prefix }, marker)) yield keys;
  }

  async listFolders(bucket: string, prefix: string): Promise<string[]> {
    const folders: string[] = [];
    for await (const { prefixes } of this.pages(bucket, { prefix, delimiter: '/' }, '')) folders.push(...prefixes);
    return folders.map((folder) => folder.slice(prefix.length, -1));
  }

  async readObject(bucket: string, key: string): Promise<StoredObject> {
    const { body, rawHeaders } = await this.ask('GetObject', bucket, key, {});
    return { bytes: body, metadata: metadataOf(rawHeaders) };
  }
}
