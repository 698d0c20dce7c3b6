// The detections that are on, as they travel with the process and alert functions: what does not compile fails here and not in the account.
import { asksForAccounts, dayOf, type Evaluator, evaluatorOf } from '../events/detect/index.ts';
import type { LoadedConfig } from '../local/configfile.ts';
import { chosenDetections, inForce } from '../local/inforce.ts';

/** Stands for the account of a file, where the configuration names none. */
const ANY_ACCOUNT = '000000000000';

const NO_TESTS = { lists: {}, matches: [], ignores: [] };

export interface DetectionsFile {
  bytes: Uint8Array;
  /** How many are asked, and which are not, for want of a list. */
  asked: Pick<Evaluator, 'count' | 'off'>;
}

/**
 * The detections that a configuration turns on, with what it says of them, and without what functions have no use for.
 * @throws FileError with every fault of the detections' files, UsageError
 */
export function detectionsFile(config: LoadedConfig): DetectionsFile {
  const { on } = chosenDetections(config, [], false);
  const detections = on.map((each) => ({ ...each, description: '', references: [], falsePositives: [], tests: NO_TESTS }));
  const shipped = inForce(detections, config);
  const accounts = asksForAccounts(shipped) ? [ANY_ACCOUNT] : [];
  const { count, off } = evaluatorOf(shipped, { accounts, today: dayOf(new Date()) });
  return { bytes: Buffer.from(JSON.stringify(shipped)), asked: { count, off } };
}
