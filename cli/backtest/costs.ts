// What detections would cost deployed, from what a backtest met.

/** What was met, whatever the time it took. */
export interface Load {
  records: number;
  /** Files that had a hit: each is a message to the alert queue. */
  messages: number;
  /** Windows, and hours of detections without one, that hits were counted in, file by file. */
  items: number;
  /** Findings told: opened, raised, at round counts. */
  told: number;
  /** From the first record's day to the last one's. */
  days: number;
}

export interface CostLine {
  what: string;
  assumption: string;
  /** Dollars in 30 days. */
  dollars: number;
}

/** Dollars in us-east-1, without the free tier (read 2026-11-28). */
const PRICES = {
  /** A custom event of at most 64 KB. Source: EventBridge pricing, custom events */
  event: 1 / 1e6,
  /** A request to a standard queue. Source: SQS pricing, standard queues */
  queueRequest: 0.4 / 1e6,
  /** An invocation, and a gigabyte's second on x86. Source: Lambda pricing */
  invocation: 0.2 / 1e6,
  gigabyteSecond: 0.0000166667,
  /** A write of at most 1 KB, and a consistent read of at most 4 KB, on demand. Source: DynamoDB pricing, on-demand capacity */
  write: 0.625 / 1e6,
  read: 0.125 / 1e6,
};

/** Send, receive and delete. */
const REQUESTS_A_MESSAGE = 3;
const SECONDS_A_MESSAGE = 0.2;
const GIGABYTES = 0.25;
/** One to count an event, one to confirm that it was told. */
const WRITES_AN_ITEM = 2;
const MONTH_DAYS = 30;

/** What a month of days like these comes to. The records themselves on the bus are beside it: they cost the most, and `emit: matched` saves them. */
export function costsOf({ records, messages, items, told, days }: Load): { detections: CostLine[]; bus: CostLine } {
  const months = MONTH_DAYS / Math.max(1, days);
  const line = (what: string, assumption: string, dollars: number): CostLine => ({ what, assumption, dollars: dollars * months });
  return {
    detections: [
      line(
        'alert queue',
        `a message for each file with hits, ${REQUESTS_A_MESSAGE} requests each`,
        messages * REQUESTS_A_MESSAGE * PRICES.queueRequest,
      ),
      line(
        'alert function',
        `an invocation a message, ${SECONDS_A_MESSAGE} s with ${GIGABYTES * 1024} MB`,
        messages * (PRICES.invocation + SECONDS_A_MESSAGE * GIGABYTES * PRICES.gigabyteSecond),
      ),
      line(
        'state table',
        `a read and ${WRITES_AN_ITEM} writes of 1 KB for each window or hour that a file counts in`,
        items * (PRICES.read + WRITES_AN_ITEM * PRICES.write),
      ),
      line('findings on the bus', 'an event of at most 64 KB each time one is told', told * PRICES.event),
    ],
    bus: line('records on the bus, with emit: all', 'an event of at most 64 KB each', records * PRICES.event),
  };
}
