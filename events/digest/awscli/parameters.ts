// What botocore says of a bucket or a key that can't be asked for.
import type { FaultOf } from '../faults.ts';
import { BUCKET_ARN, BUCKET_PATTERN } from '../objectaddress.ts';
import { pythonText, pythonType } from './pythontext.ts';

const failed = (report: string): string => `Parameter validation failed:\n${report}`;

export const PARAMETER_WORDS = {
  BUCKET_NOT_TEXT: ({ value }: FaultOf<'BUCKET_NOT_TEXT'>) => `expected string or bytes-like object, got '${pythonType(value)}'`,
  BUCKET_NAME_WRONG: ({ name }: FaultOf<'BUCKET_NAME_WRONG'>) =>
    failed(
      `Invalid bucket name "${name}": Bucket name must match the regex "${BUCKET_PATTERN}" or be an ARN matching the regex "${BUCKET_ARN}"`,
    ),
  KEY_NOT_TEXT: ({ value }: FaultOf<'KEY_NOT_TEXT'>) =>
    failed(`Invalid type for parameter Key, value: ${pythonText(value)}, type: <class '${pythonType(value)}'>, valid types: <class 'str'>`),
  KEY_EMPTY: () => failed('Invalid length for parameter Key, value: 0, valid min length: 1'),
};
