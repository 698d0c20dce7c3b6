// Hits and detections made for tests, and states that get in each other's way.

import type { FindingState, StateItem, StateValue, StateWrite } from '../../../events/detect/doors.ts';
import { type Detection, type Hit, readDetections, type WindowMark } from '../../../events/detect/index.ts';
import type { Finding } from '../../../events/finding.ts';
import { keptTeller } from '../../fakes/told.ts';

/** A detection with what a test is about; the rest is filled in. */
export const detectionOf = (text: string): Detection =>
  readDetections(`pattern: { detail: { eventName: [GetThing] } }\n${text}`, 'rules/test.yaml')[0]!;

/** Midnight, where a period of any length up to a day begins. */
export const MIDNIGHT = Date.parse('2026-03-11T00:00:00Z') / 1_000;

export const isoTime = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');

/** A hit of an event so many seconds after midnight. */
export const hitAt = (seconds: number, eventID: string, more: Partial<Hit> = {}): Hit => ({
  ...{ detection: 'test', severity: 'medium', title: `title of ${eventID}`, what: 'thing:GetThing', resources: [] },
  event: { eventID, time: isoTime(MIDNIGHT + seconds), bucket: 'trail-logs', key: 'key.json.gz', index: 0 },
  marks: [mark('alice')],
  ...more,
});

export const mark = (key: string, more: Partial<WindowMark> = {}): WindowMark => ({ window: 'main', key: [key], ...more });

/** Numbers from 0 to below 1 that hang on the seed alone. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const someTurns = async (random: () => number) => {
  for (let turns = Math.floor(random() * 5); turns > 0; turns--) await undefined;
};

/** A state whose answers take their time, and whose writes are refused by chance though nobody wrote. */
export class UnsteadyState implements FindingState {
  refused = 0;
  private readonly state: FindingState;
  private readonly random: () => number;

  constructor(state: FindingState, random: () => number) {
    this.state = state;
    this.random = random;
  }

  async read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    await someTurns(this.random);
    const found = await this.state.read(keys);
    await someTurns(this.random);
    return structuredClone(found);
  }

  async write(key: string, value: StateValue, how: StateWrite): Promise<number | undefined> {
    await someTurns(this.random);
    const isRefused = this.random() < 0.15;
    const version = isRefused ? undefined : await this.state.write(key, structuredClone(value), how);
    if (version === undefined) this.refused++;
    await someTurns(this.random);
    return version;
  }
}

/** Who is told, and remembers it. */
export class Listener {
  readonly findings: Finding[] = [];

  readonly tell = keptTeller(this);

  get ids(): string[] {
    return this.findings.map(({ id }) => id);
  }

  /** Severity and state of each, as they came. */
  get said(): string[] {
    return this.findings.map(({ state, severity, count }) => `${state} ${severity} ${count}`);
  }
}
