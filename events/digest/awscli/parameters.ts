// Bucket and key names as botocore checks them before it sends a request; its words end up in a digest's reason.
import { text, typeName } from './pythontext.ts';

/** A bucket or key that can't be asked for. */
export class ParameterError extends Error {
  constructor(report: string) {
    super(`Parameter validation failed:\n${report}`);
  }
}

/** The patterns as botocore spells them: they are part of the message. */
const BUCKET = '^[a-zA-Z0-9.\\-_]{1,255}$';
const BUCKET_ARN = [
  '^arn:(aws).*:(s3|s3-object-lambda):[a-z\\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\\-.]{1,63}$',
  '^arn:(aws).*:s3-outposts:[a-z\\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\\-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9\\-]{1,63}$',
].join('|');
const BUCKET_NAME = new RegExp(`${BUCKET}|${BUCKET_ARN}`);

const wrongType = (value: unknown) =>
  new ParameterError(
    `Invalid type for parameter Key, value: ${text(value)}, type: <class '${typeName(value)}'>, valid types: <class 'str'>`,
  );

/** The value as a bucket name. @throws ParameterError, or an Error in Python's words for what is no text */
export function bucketName(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`expected string or bytes-like object, got '${typeName(value)}'`);
  if (BUCKET_NAME.test(value)) return value;
  throw new ParameterError(
    `Invalid bucket name "${value}": Bucket name must match the regex "${BUCKET}" or be an ARN matching the regex "${BUCKET_ARN}"`,
  );
}

/** The value as an object key. @throws ParameterError */
export function keyName(value: unknown): string {
  if (typeof value !== 'string') throw wrongType(value);
  if (value === '') throw new ParameterError('Invalid length for parameter Key, value: 0, valid min length: 1');
  return value;
}
