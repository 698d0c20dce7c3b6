// What `trailbus rules new` does.
import { UsageError } from '../../events/errors.ts';
import { type Proposal, proposePattern } from '../../events/rules/index.ts';
import { type EventOptions, eventsOf, eventTextOf } from './events.ts';

export interface NewOptions extends EventOptions {
  from: string;
  json?: boolean;
  yaml?: boolean;
}

/** Writes a proposed pattern for the first event given. */
export async function newRule({ from, json, yaml, ...options }: NewOptions): Promise<void> {
  for await (const given of eventsOf([from], options)) {
    if ('error' in given) throw given.error;
    const proposal = proposePattern(JSON.parse(eventTextOf(given)) as object);
    if (json) process.stdout.write(`${JSON.stringify(proposal)}\n`);
    else process.stdout.write(yaml ? detectionText(proposal) : `${patternText(proposal)}\n`);
    return;
  }
  throw new UsageError('no event in it', { help: 'give one event, or a log file: its first record is taken' });
}

/** JSON with lists on one line. */
function patternText(value: Proposal | unknown[], indent = ''): string {
  if (Array.isArray(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(([name, item]) => `${inner}${JSON.stringify(name)}: ${patternText(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** A rule file: the pattern with an id and a title to be edited. */
function detectionText(proposal: Proposal): string {
  const detail = proposal['detail'] as Record<string, unknown[]> | undefined;
  const eventName = String(detail?.['eventName']?.[0] ?? 'event');
  const id = eventName.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  return `id: ${JSON.stringify(id)}\ntitle: ${JSON.stringify(`${eventName} was called`)}\nseverity: medium\npattern:\n${yamlText(proposal, '  ')}`;
}

const yamlText = (value: Proposal, indent: string): string =>
  Object.entries(value)
    .map(([name, item]) => {
      const key = /^[A-Za-z][\w-]*$/.test(name) ? name : JSON.stringify(name);
      return Array.isArray(item) ? `${indent}${key}: ${JSON.stringify(item)}\n` : `${indent}${key}:\n${yamlText(item, `${indent}  `)}`;
    })
    .join('');
