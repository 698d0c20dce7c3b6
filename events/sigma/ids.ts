// Ids that detections have for Sigma rules, and Sigma rules for detections.
import { createHash } from 'node:crypto';

const MAX_SLUG = 80;

/** `AWS IAM: ListUsers` as an id may have it: `aws-iam-listusers`. */
const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG)
    .replace(/^-+|-+$/g, '');

/** Gives each rule an id that no other has: `sigma.` with its file's name, or its title where the file has several. */
export class DetectionIds {
  private readonly given = new Set<string>();

  idFor(source: string, title: string | undefined, isAlone: boolean): string {
    const file = slugOf(source.replace(/^.*\//, '').replace(/\.ya?ml$/, ''));
    const titled = slugOf(title ?? '');
    return this.free(`sigma.${(isAlone ? file : titled) || titled || file || 'rule'}`);
  }

  private free(wanted: string): string {
    let id = wanted;
    for (let count = 2; this.given.has(id); count++) id = `${wanted}-${count}`;
    this.given.add(id);
    return id;
  }
}

/** What names of version 5 begin their hash with; ours, drawn once. */
const NAMESPACE = Buffer.from('7d1a5c0e9f5b4c0d8a3e2b6f41c7d958', 'hex');

/**
 * The UUID that always stands for a name.
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5
 */
export function uuidFor(name: string): string {
  const hash = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
