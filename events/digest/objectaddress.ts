// Which buckets and keys can be asked for: what botocore lets pass, so that a digest which names others is as invalid here as there.
import { IntegrityError } from './integrityerrors.ts';

/** As botocore spells them. */
export const BUCKET_PATTERN = '^[a-zA-Z0-9.\\-_]{1,255}$';
export const BUCKET_ARN = [
  '^arn:(aws).*:(s3|s3-object-lambda):[a-z\\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\\-.]{1,63}$',
  '^arn:(aws).*:s3-outposts:[a-z\\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\\-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9\\-]{1,63}$',
].join('|');
const BUCKET_NAME = new RegExp(`${BUCKET_PATTERN}|${BUCKET_ARN}`);

/** The value as a bucket's name. @throws IntegrityError for what is no text, or a name no bucket can have */
export function bucketName(value: unknown): string {
  if (typeof value !== 'string') throw new IntegrityError({ code: 'BUCKET_NOT_TEXT', value });
  if (!BUCKET_NAME.test(value)) throw new IntegrityError({ code: 'BUCKET_NAME_WRONG', name: value });
  return value;
}

/** The value as an object's key. @throws IntegrityError for what is no text, or an empty one */
export function objectKey(value: unknown): string {
  if (typeof value !== 'string') throw new IntegrityError({ code: 'KEY_NOT_TEXT', value });
  if (value === '') throw new IntegrityError({ code: 'KEY_EMPTY' });
  return value;
}
