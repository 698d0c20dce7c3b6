// Statuses as a terminal shows them.
import pc from 'picocolors';
import type { Status } from '../../events/advice/index.ts';

export const STATUS_PAINT: Readonly<Record<Status, (text: string) => string>> = {
  error: pc.red,
  warning: pc.yellow,
  not_available: pc.blue,
  ok: pc.green,
};

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  error: 'red',
  warning: 'yellow',
  not_available: 'not available',
  ok: 'green',
};
