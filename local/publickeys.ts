// Public keys kept in a file: an answer of `aws cloudtrail list-public-keys`, so that a check needs no AWS.
import { readFile } from 'node:fs/promises';
import type { PublicKey, PublicKeys } from '../events/digest/doors.ts';
import { readPublicKeyList } from '../events/digest/index.ts';
import { UsageError } from '../events/errors.ts';

const HELP = 'write it with `aws cloudtrail list-public-keys --start-time … --end-time … > keys.json`';

/** Gives all keys of the file, whatever the time asked for: a file is made for the check. */
export class KeyFile implements PublicKeys {
  private readonly keys: PublicKey[];

  constructor(keys: PublicKey[]) {
    this.keys = keys;
  }

  /** @throws UsageError when the file can't be read or holds no `PublicKeyList` */
  static async open(path: string): Promise<KeyFile> {
    let answer: Record<string, unknown>;
    try {
      answer = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    } catch (cause) {
      throw new UsageError(`the public keys can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
        source: path,
        help: HELP,
        cause,
      });
    }
    if (!Array.isArray(answer?.['PublicKeyList']))
      throw new UsageError('no `PublicKeyList` in the public keys', { source: path, help: HELP });
    return new KeyFile(readPublicKeyList(answer));
  }

  async listPublicKeys(): Promise<PublicKey[]> {
    return this.keys;
  }
}
