// The rules that `emit: matched` asks: read at the cold start from the file that packaging put beside the function.
import type { BusIdentity, Entry } from '../events/entry.ts';
import { checkRules } from '../events/rules/index.ts';
import { readShipped } from './shipped.ts';

/**
 * The predicate of a policy from the file beside the function: does some rule match the entry?
 * @param path  from the folder that Lambda unpacks the function into
 * @throws TrailbusError when it is not there
 */
export function wantedByShipped(path: string, bus: BusIdentity): (entry: Entry) => boolean {
  return readShipped(path, 'rules', (files: Record<string, string>) => checkRules(new Map(Object.entries(files)), bus));
}
