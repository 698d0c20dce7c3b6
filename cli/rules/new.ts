// What `trailbus rules new` does.
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { dayOf, readDetections, selfTest } from '../../events/detect/index.ts';
import type { Entry } from '../../events/entry.ts';
import { UsageError } from '../../events/errors.ts';
import { nearest } from '../../events/pattern/index.ts';
import { type Proposal, proposePattern } from '../../events/rules/index.ts';
import { readConfig } from '../../local/configfile.ts';
import { packDetections, recordsBeside, schemaFor } from '../../local/detectionfiles.ts';
import { MemoryFindingState } from '../../local/findingstate.ts';
import { chosenDetections } from '../../local/inforce.ts';
import { jsonLine, printable, quotedPrintable } from '../terminal.ts';
import { type EventOptions, entryIn, eventsOf, eventTextOf } from './events.ts';
import { type DraftDetection, draftOf, draftText } from './newdetection.ts';
import { templateText } from './template.ts';
import { writeNew } from './writenew.ts';

export interface NewOptions extends EventOptions {
  /** An event, of which only the pattern is wanted; or the id of a detection to begin with. */
  from?: string;
  id?: string;
  out?: string;
  json?: boolean;
  yaml?: boolean;
}

/** Writes a detection made of an event or of another detection, or the pattern proposed for an event. */
export async function newRule(event: string | undefined, options: NewOptions): Promise<void> {
  const { from } = options;
  if ((event === undefined) === (from === undefined))
    throw new UsageError('name an event, or `--from` a detection or an event', { help: 'write trailbus rules new event.json' });
  if (event !== undefined) return put(await draftedText(event, options), options.out);
  if (isDetectionId(from!)) return put(templateText(from!, options), options.out);
  await proposeFor(from!, options);
}

async function put(text: string, out: string | undefined): Promise<void> {
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeNew(dirname(out), [{ name: basename(out), text }], undefined);
  process.stdout.write(`${printable(out)} written; try it: trailbus rules test ${printable(out)}\n`);
}

/** `cloudtrail.logging-stopped` names a detection; a file of that name, or what is an event, doesn't. */
function isDetectionId(from: string): boolean {
  if (from === '-' || /^\s*[{[]/.test(from) || existsSync(from)) return false;
  const ids = packDetections().map(({ id }) => id);
  if (ids.includes(from)) return true;
  const meant = /^[\w.-]+$/.test(from) ? nearest(from, ids) : undefined;
  if (meant !== undefined) throw new UsageError(`no file and no detection is called \`${from}\``, { help: `did you mean \`${meant}\`?` });
  return false;
}

/** @throws UsageError where the detection would not find its own event */
async function draftedText(event: string, { id, out, record }: NewOptions): Promise<string> {
  const { every } = chosenDetections(readConfig(), [], false);
  const taken = every.map((detection) => detection.id);
  const draft = { ...draftOf(await entryNamed(event, record), taken), ...(id === undefined ? {} : { id }) };
  const schema = schemaFor(out);
  const failed = await failing(draft, schema);
  const lost = failed.find(({ name }) => name.startsWith('matches'));
  if (lost !== undefined) throw new UsageError(`no detection can be made of this event: ${lost.why}`);
  const kept = draft.ignores.filter((_, at) => !failed.some(({ name }) => name === `ignores[${at}]`));
  return draftText({ ...draft, ignores: kept }, schema);
}

/** The tests of a draft that don't pass. */
async function failing(draft: DraftDetection, schema: string): Promise<{ name: string; why: string }[]> {
  const [detection] = readDetections(draftText(draft, schema), 'new');
  const results = await selfTest(detection!, {
    ...{ readRecords: recordsBeside, newState: () => new MemoryFindingState(), today: dayOf(new Date()) },
  });
  return results.flatMap(({ name, passed, why = '' }) => (passed ? [] : [{ name, why }]));
}

/** `FILE`, `FILE#3`, `FILE#EVENT-ID`; a record is taken as one, whether it is said or not. */
async function entryNamed(event: string, record: boolean | undefined): Promise<Entry> {
  const [, file, which] = existsSync(event) || /^\s*\{/.test(event) ? [] : (/^(.+)#([\w-]+)$/.exec(event) ?? []);
  let at = 0;
  for await (const given of eventsOf([file ?? event], record === undefined ? {} : { record })) {
    if ('error' in given) throw given.error;
    const entry = entryIn(given);
    if (which === undefined || which === String('entry' in given ? entry.record.index : at) || which === eventIDOf(entry)) return entry;
    at++;
  }
  const help = 'give one event, or a log file and which of its records: FILE#0, or FILE#EVENT-ID';
  throw new UsageError(which === undefined ? 'no event in it' : `no event \`${which}\` in \`${file}\``, { help });
}

const eventIDOf = ({ record }: Entry): unknown => (JSON.parse(record.text()) as { eventID?: unknown }).eventID;

/** Writes a proposed pattern for the first event given. */
async function proposeFor(from: string, { json, yaml, ...options }: NewOptions): Promise<void> {
  for await (const given of eventsOf([from], options)) {
    if ('error' in given) throw given.error;
    const proposal = proposePattern(JSON.parse(eventTextOf(given)) as object);
    if (json) process.stdout.write(jsonLine(proposal));
    else process.stdout.write(quotedPrintable(yaml ? ruleText(proposal) : `${patternText(proposal)}\n`));
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
function ruleText(proposal: Proposal): string {
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
