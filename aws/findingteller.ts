// Findings on the event bus: batched, tried again and measured as entries are; what would be too large is shortened.
import { DeliveryBus, type DeliveryPolicy, type PutEntries, type Waits } from '../events/bus/delivery.ts';
import type { TellFindings } from '../events/detect/doors.ts';
import type { Entry } from '../events/entry.ts';
import { DeliveryError } from '../events/errors.ts';
import { FINDING_DETAIL_TYPE, FINDING_SOURCE, type Finding } from '../events/finding.ts';
import { Ledger } from '../events/ledger.ts';
import { recordsOfWhole } from '../events/logfile/logfile.ts';

/** Longest text of a finding, below the 256 KiB that a call may have everywhere; its resources are counted once more beside it. */
const MAX_FINDING_BYTES = 150_000;

/** @param put  see `eventBridgePut` */
export function findingTeller(put: PutEntries, policy: Waits & Partial<DeliveryPolicy>): TellFindings {
  return async (findings) => {
    const bus = new DeliveryBus(put, REFUSED, new Ledger(), policy);
    for (const finding of findings) await bus.put(entryOfFinding(finding));
    await bus.flush();
  };
}

/** What the bus refuses for good stays untold, and is told again: hits come again, and at last lie in the queue of failed ones; silence is looked for again. */
const REFUSED = {
  park: async (_: Entry, reason: string) => {
    throw new DeliveryError(`the bus refused a finding: ${reason}`, {
      source: 'event bus',
      help: 'it is told again; let the role call events:PutEvents on the bus',
    });
  },
};

/** A finding as the entry that it is on the bus; its time there is when it is told. */
function entryOfFinding(finding: Finding): Entry {
  const small = shortenedFinding(finding);
  const [record] = recordsOfWhole(Buffer.from(`{"Records":[${JSON.stringify(small)}]}`)) ?? [];
  const { bucket = '', key = finding.id } = finding.events[0] ?? {};
  return {
    ...{ source: FINDING_SOURCE, detailType: FINDING_DETAIL_TYPE, time: undefined },
    resources: small.resources.filter((resource) => resource.startsWith('arn:')),
    ...{ record: record!, ref: { bucket, key } },
  };
}

/** What goes, from what is missed least: callers write much of it, and could make any of it long. */
const SHORTER: ((finding: Finding) => Finding)[] = [
  (finding) => finding,
  (finding) => ({ ...finding, resources: finding.resources.slice(0, 3) }),
  (finding) => ({ ...finding, resources: [], events: finding.events.slice(0, 3) }),
  ({ runbook: _, ...finding }) => ({ ...finding, resources: [], events: [], tags: [] }),
];

/** A finding that fits the bus. One that was shortened says so in `detail`; its true `count` stays. */
function shortenedFinding(finding: Finding): Finding {
  const sizes = SHORTER.map((shorten, at) => {
    const shorter = shorten(finding);
    return at === 0 ? shorter : { ...shorter, detail: { ...shorter.detail, isShortened: true } };
  });
  return sizes.find((each) => Buffer.byteLength(JSON.stringify(each)) <= MAX_FINDING_BYTES) ?? sizes.at(-1)!;
}
