// The buckets that hold a trail's digests and logs: listing and reading over lean signed requests, each bucket in its own region.
import type { StoredObject, TrailBuckets } from '../events/digest/ports.ts';
import { type Endpoint, resolveEndpoint } from './endpoints.ts';
import { type Answer, AnsweredError, encodePath, type SignedRequests, statusError } from './signedrequests.ts';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, number?: string, name?: string) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return number ? String.fromCodePoint(Number(number)) : (ENTITIES[name!] ?? whole);
  });
}

/** The text of the first element with this name. S3's answers are flat enough that no XML parser is needed. */
function element(xml: string, name: string): string | undefined {
  const match = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`).exec(xml);
  return match ? unescapeXml(match[1]!) : undefined;
}

/** Reads code and message of an S3 error; without an XML body, the HTTP status. */
function s3Error(answer: Answer): { code: string; message: string } {
  const xml = answer.body.toString();
  const code = element(xml, 'Code');
  return code === undefined ? statusError(answer) : { code, message: element(xml, 'Message') ?? '' };
}

/** Keys come percent-encoded when asked for with `encoding-type=url`; a `+` is a plus, as botocore reads it. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Texts of an element that stands inside each element of another name: keys in contents, prefixes in common prefixes. */
function within(xml: string, outer: string, inner: string): string[] {
  const decode = element(xml, 'EncodingType') === 'url' ? decodeKey : (text: string) => text;
  const all = xml.matchAll(new RegExp(`<${outer}(?:\\s[^>]*)?>([\\s\\S]*?)</${outer}>`, 'g'));
  return [...all].map(([, content]) => decode(element(content!, inner) ?? ''));
}

function metadataOf(headers: Answer['headers']): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith('x-amz-meta-')) metadata[name.slice('x-amz-meta-'.length)] = String(value);
  return metadata;
}

/** The region an error says the bucket is in: S3 answers so when it was asked elsewhere. */
function regionToTry(error: unknown): string | undefined {
  if (!(error instanceof AnsweredError)) return undefined;
  const { status, headers, body } = error.answer;
  const isElsewhere =
    [301, 302, 307].includes(status) ||
    ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'].includes(error.code);
  if (!isElsewhere) return undefined;
  const named = headers['x-amz-bucket-region'];
  return (typeof named === 'string' ? named : undefined) ?? element(body.toString(), 'Region');
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

  private async get(operation: string, bucket: string, place: Endpoint, key: string, query: Record<string, string>): Promise<Answer> {
    const { url: endpoint, region, isCustom } = place;
    const path = (isCustom ? `/${bucket}` : '') + (key === '' && isCustom ? '' : `/${encodePath(key)}`);
    return this.requests.send({ operation, service: 's3', region, endpoint, method: 'GET', path, query }, s3Error);
  }

  /** Asked once a bucket. */
  private async locate(bucket: string): Promise<Endpoint> {
    const home = await resolveEndpoint('s3', this.homeRegion, bucket);
    const answer = await this.get('GetBucketLocation', bucket, home, '', { location: '' });
    const named = element(answer.body.toString(), 'LocationConstraint') || 'us-east-1';
    return resolveEndpoint('s3', named === 'EU' ? 'eu-west-1' : named, bucket);
  }

  private place(bucket: string): Promise<Endpoint> {
    const known = this.places.get(bucket);
    if (known) return known;
    const located = this.locate(bucket);
    this.places.set(bucket, located);
    located.catch(() => this.places.delete(bucket));
    return located;
  }

  /** Asks a bucket in its region; once more in another when S3 says it is there. */
  private async ask(operation: string, bucket: string, key: string, query: Record<string, string>): Promise<Answer> {
    const place = await this.place(bucket);
    try {
      return await this.get(operation, bucket, place, key, query);
    } catch (error) {
      const region = regionToTry(error);
      if (region === undefined) throw error;
      const moved = await resolveEndpoint('s3', region, bucket);
      this.places.set(bucket, Promise.resolve(moved));
      return this.get(operation, bucket, moved, key, query);
    }
  }

  async *listKeys(bucket: string, prefix: string, marker: string): AsyncGenerator<string[]> {
    for (let after: string | undefined = marker; after !== undefined; ) {
      const { body } = await this.ask('ListObjects', bucket, '', { prefix, marker: after, 'encoding-type': 'url' });
      const xml = body.toString();
      const keys = within(xml, 'Contents', 'Key');
      yield keys;
      const next = element(xml, 'NextMarker');
      after = element(xml, 'IsTruncated') === 'true' ? (next === undefined ? keys.at(-1) : decodeKey(next)) : undefined;
    }
  }

  async listFolders(bucket: string, prefix: string): Promise<string[]> {
    const folders: string[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const query = { prefix, delimiter: '/', marker: after, 'encoding-type': 'url' };
      const { body } = await this.ask('ListObjects', bucket, '', query);
      const xml = body.toString();
      folders.push(...within(xml, 'CommonPrefixes', 'Prefix'));
      const next = element(xml, 'NextMarker');
      after = element(xml, 'IsTruncated') === 'true' && next !== undefined ? decodeKey(next) : undefined;
    }
    return folders.map((folder) => folder.slice(prefix.length, -1));
  }

  async readObject(bucket: string, key: string): Promise<StoredObject> {
    const { body, headers } = await this.ask('GetObject', bucket, key, {});
    return { bytes: body, metadata: metadataOf(headers) };
  }
}
