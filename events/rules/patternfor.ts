// A pattern for events like one that was seen: what identifies it, without what changes each time.
import { compile } from '../pattern/index.ts';

type JsonFields = { [key: string]: unknown };

/** A pattern as an object, lists at its leaves. */
export type Proposal = { [key: string]: Proposal | unknown[] };

/** Fields that say what event it is, in the order they are written. */
const IDENTIFYING = ['source', 'detail-type'];
const OF_RECORD = ['eventSource', 'eventName', 'errorCode'];
/** Parts of a record in which more may tell it apart. */
const TELLING = ['requestParameters', 'responseElements', 'additionalEventData'];

/**
 * Proposes a pattern that matches `event` and its like: source, detail-type, event name, kind of caller, error, and settings among the
 * parameters. Left out: ids, names, ARNs, addresses, times, tokens and free text.
 * @param event  an event of the bus
 */
export function proposePattern(event: object): Proposal {
  const fields = event as JsonFields;
  const detail = isJsonObject(fields['detail']) ? fields['detail'] : undefined;
  const proposal: Proposal = taken(fields, IDENTIFYING);
  if (detail !== undefined) proposal['detail'] = typeof detail['eventName'] === 'string' ? ofRecord(detail) : (settingsIn(detail, 0) ?? {});
  return asMatching(withoutEmpty(proposal), event);
}

const isJsonObject = (value: unknown): value is JsonFields => typeof value === 'object' && value !== null && !Array.isArray(value);

const taken = (fields: JsonFields, names: string[]): Proposal =>
  Object.fromEntries(names.flatMap((name) => (typeof fields[name] === 'string' && fields[name] !== '' ? [[name, [fields[name]]]] : [])));

function ofRecord(record: JsonFields): Proposal {
  const identity = isJsonObject(record['userIdentity']) ? taken(record['userIdentity'], ['type', 'invokedBy']) : {};
  const proposal: Proposal = { ...taken(record, OF_RECORD), userIdentity: identity };
  for (const name of TELLING) proposal[name] = settingsIn(record[name], 0) ?? {};
  // Answers repeat the settings that were asked for.
  if (Object.keys(proposal['requestParameters'] ?? {}).length > 0) delete proposal['responseElements'];
  return proposal;
}

/** Names of fields that change from event to event, or say who and which rather than what. */
const VOLATILE =
  /(id|ids|arn|arns|token|name|names|time|date|user|users|agent|address|ip|email|password|description|comment|document|data|body|key|keys|url|uri|host|hash|digest|signature|nonce|version|bucket|path|prefix|tags?|value|count|size|limit|marker|owner|principal|account)$/i;
/** Words of an API: `Success`, `tcp`, `aws:kms`, `PublicRead`. */
const SETTING = /^[A-Za-z][A-Za-z_:-]{0,40}$/;
/** Whatever the field: the whole world, and policies that AWS wrote, such as AdministratorAccess. */
const ALWAYS_TELLING = /^(?:0\.0\.0\.0\/0|::\/0|arn:aws[a-z-]*:iam::aws:policy\/.+)$/;

function isSetting(name: string, value: unknown): boolean {
  if (typeof value === 'string' && ALWAYS_TELLING.test(value)) return true;
  // `_return: true` stands in the answer to every EC2 call that went well.
  if (VOLATILE.test(name) || name.startsWith('_')) return false;
  if (typeof value === 'number') return /port$/i.test(name);
  return typeof value === 'boolean' || (typeof value === 'string' && SETTING.test(value));
}

/** The settings in a part of a record. Of an array only the first element is looked at, so that all of them stand in one. */
function settingsIn(value: unknown, depth: number): Proposal | undefined {
  if (!isJsonObject(value) || depth > 8) return undefined;
  const entries = Object.entries(value).flatMap(([name, item]): [string, Proposal | unknown[]][] => {
    const first = Array.isArray(item) ? item[0] : item;
    const inner = settingsIn(first, depth + 1);
    if (inner !== undefined) return [[name, inner]];
    return isSetting(name, first) ? [[name, [first]]] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function withoutEmpty(proposal: Proposal): Proposal {
  const entries = Object.entries(proposal).flatMap(([name, value]): [string, Proposal | unknown[]][] => {
    if (Array.isArray(value)) return [[name, value]];
    const inner = withoutEmpty(value);
    return Object.keys(inner).length === 0 ? [] : [[name, inner]];
  });
  return Object.fromEntries(entries);
}

/** The proposal if it matches, as it should; else without the parts whose values can't be had together. */
function asMatching(proposal: Proposal, event: object): Proposal {
  if (Object.keys(proposal).length === 0) return { source: [{ exists: true }] };
  if (compile([{ name: 'proposal', pattern: proposal }]).match(event).length > 0) return proposal;
  const detail = proposal['detail'] as Proposal;
  const part = [...TELLING, ...Object.keys(detail ?? {})].find((name) => detail?.[name] !== undefined && !OF_RECORD.includes(name));
  if (part === undefined) return proposal;
  const { [part]: _, ...rest } = detail;
  return asMatching(withoutEmpty({ ...proposal, detail: rest }), event);
}
