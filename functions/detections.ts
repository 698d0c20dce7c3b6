// The detections in Lambda: read at the cold start from the file that packaging put beside the function, asked of each entry.
import { asksForAccounts, type DetectionsInForce, dayOf, type Evaluator, evaluatorOf, type Hit } from '../events/detect/index.ts';
import type { BusIdentity, Entry } from '../events/entry.ts';
import { classifyKey, type ObjectRef } from '../events/objectkey.ts';
import { logger } from './handler.ts';
import { readShipped } from './shipped.ts';

/** The detections that the function was shipped with. @throws TrailbusError when they are not there */
export const shippedDetections = (path: string): DetectionsInForce =>
  readShipped(path, 'detections', (content: DetectionsInForce) => content);

/** Accounts whose detections are kept compiled, where each account has its own. */
const MAX_ACCOUNTS = 20;

/** Stands for the file's account where only compiling is tried. */
const ANY_ACCOUNT = '000000000000';

/** Gives the evaluator for a file: one a day, since exclusions end with a day, or one for each account where `$accounts` is the file's own. */
export class ShippedEvaluators {
  private readonly inForce: DetectionsInForce;
  private readonly bus: BusIdentity;
  private readonly now: () => Date;
  private readonly isByAccount: boolean;
  private readonly evaluators = new Map<string, Evaluator>();
  private day: string;
  private lastRef: ObjectRef | undefined;
  private last: Evaluator;

  /** @throws FileError, PatternError: what is wrong is found before the first file, not in each of its records */
  constructor(inForce: DetectionsInForce, bus: BusIdentity = {}, now: () => Date = () => new Date()) {
    [this.inForce, this.bus, this.now, this.day] = [inForce, bus, now, dayOf(now())];
    this.isByAccount = asksForAccounts(inForce);
    this.last = this.evaluatorIn(this.isByAccount ? ANY_ACCOUNT : undefined);
    logger.info('detections compiled', { detections: this.last.count, off: this.last.off });
  }

  for(ref: ObjectRef): Evaluator {
    if (ref === this.lastRef) return this.last;
    const day = dayOf(this.now());
    if (day !== this.day || this.evaluators.size > MAX_ACCOUNTS) this.evaluators.clear();
    this.day = day;
    this.last = this.evaluatorIn(this.isByAccount ? classifyKey(ref.key).account : undefined);
    this.lastRef = ref;
    return this.last;
  }

  private evaluatorIn(account: string | undefined): Evaluator {
    const name = account ?? '';
    const known = this.evaluators.get(name);
    if (known !== undefined) return known;
    const accounts = account === undefined ? [] : [account];
    const evaluator = evaluatorOf(this.inForce, { accounts, today: this.day, bus: this.bus });
    this.evaluators.set(name, evaluator);
    return evaluator;
  }
}

/**
 * Asks the detections of each entry of one invocation. One that fails is logged, once.
 * @param onFault  told each time
 */
export function askingShipped(evaluators: ShippedEvaluators, onFault: () => void): (entry: Entry) => Hit[] {
  const logged = new Set<string>();
  const log = ({ ref, record }: Entry, detection: string, error: unknown) => {
    if (logged.has(detection)) return;
    logged.add(detection);
    logger.error('detection failed', { detection, bucket: ref.bucket, key: ref.key, index: record.index, error: error as Error });
  };
  return (entry) => {
    try {
      return evaluators.for(entry.ref).ask(entry, (detection, error) => {
        onFault();
        log(entry, detection, error);
      });
    } catch (error) {
      log(entry, 'all', error);
      throw error;
    }
  };
}
