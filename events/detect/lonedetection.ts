// A detection asked about one event at a time, as if there were no other: what `rules explain` and `rules match` say of it.
import type { Entry } from '../entry.ts';
import { placeOrName } from '../objectkey.ts';
import type { ExcludedBy } from './compiledetection.ts';
import type { Detection } from './detectionfile.ts';
import type { Evaluator } from './evaluator.ts';
import { type DetectionExplanation, explainDetection, type LoneVerdict } from './explaindetection.ts';
import { asksForAccounts, type DetectionsInForce, evaluatorOf } from './inforce.ts';
import type { Lists } from './lists.ts';

export interface LoneOptions {
  /** What the configuration says of all detections. */
  inForce: Omit<DetectionsInForce, 'detections' | 'exclusions'>;
  exclusions: readonly (DetectionsInForce['exclusions'][number] & { reason: string; owner: string })[];
  /** `YYYY-MM-DD` */
  today: string;
}

/** A detection compiled for a deployment. Lists that this leaves without values have those of the detection's tests. */
export class LoneDetection {
  readonly detection: Detection;
  /** Names of the lists whose values are those of the tests. */
  readonly fromTests: readonly string[];
  private readonly options: LoneOptions;
  private readonly inForce: DetectionsInForce;
  private readonly asksForAccounts: boolean;
  /** By the account that `$accounts` stands for where no configuration says it. */
  private readonly evaluators = new Map<string, Evaluator>();
  private excluded: ExcludedBy | undefined;

  constructor(detection: Detection, options: LoneOptions) {
    const given = options.inForce.lists.filter(([, values]) => values.length > 0);
    const names = new Set(given.map(([name]) => name));
    const ofTests = Object.entries(detection.tests.lists).filter(([name]) => !names.has(name));
    this.detection = detection;
    this.fromTests = ofTests.map(([name]) => name);
    this.options = options;
    this.inForce = { ...options.inForce, exclusions: options.exclusions, detections: [detection], lists: [...given, ...ofTests] };
    this.asksForAccounts = asksForAccounts(this.inForce);
  }

  /** Why it is off whatever the event; `$accounts` alone may stand for the event's own. */
  get off(): string | undefined {
    return this.evaluatorFor('000000000000').off[0]?.why;
  }

  /** @throws FileError when EventBridge would refuse a pattern with the lists' values in it */
  ask(given: Entry): LoneVerdict {
    const evaluator = this.evaluatorFor(accountOf(given));
    const off = evaluator.off[0]?.why;
    if (off !== undefined) return { hits: [], off };
    this.excluded = undefined;
    // Of a file of its own: what another event of its file has said is no matter here.
    const hits = evaluator.ask({ ...given, ref: { ...given.ref } });
    return this.excluded === undefined ? { hits } : { hits, excluded: this.withWords(this.excluded) };
  }

  explain(entry: Entry): DetectionExplanation {
    const lists: Lists = new Map([...this.accountsOf(accountOf(entry)), ...this.inForce.lists]);
    return explainDetection(this.detection, entry, this.ask(entry), lists);
  }

  private withWords(by: ExcludedBy): ExcludedBy & { reason: string; owner: string } {
    const { reason, owner } = (by.of === 'detection' ? this.detection.exclusions : this.options.exclusions)[by.at]!;
    return { ...by, reason, owner };
  }

  private accountsOf(account: string): [string, string[]][] {
    return this.asksForAccounts && account !== '' ? [['accounts', [account]]] : [];
  }

  private evaluatorFor(account: string): Evaluator {
    const name = this.asksForAccounts ? account : '';
    const known = this.evaluators.get(name);
    if (known !== undefined) return known;
    const accounts = name === '' ? [] : [name];
    const evaluator = evaluatorOf(this.inForce, { accounts, today: this.options.today, excluded: (_, by) => this.keep(by) });
    // Callers write accounts into events: they must not fill the memory.
    if (this.evaluators.size > MOST_ACCOUNTS) this.evaluators.clear();
    this.evaluators.set(name, evaluator);
    return evaluator;
  }

  private keep(by: ExcludedBy): void {
    this.excluded ??= by;
  }
}

const MOST_ACCOUNTS = 1_000;

/** Whose event it is: as the file's name says, or else the record. */
const accountOf = ({ ref, record }: Entry): string => placeOrName(ref.key).account ?? record.field('recipientAccountId') ?? '';
