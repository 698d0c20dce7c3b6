// Names of services and events: is there such an event?
import { serviceOf, serviceOfSource } from '../../cloudtrail.ts';
import type { Leaf, Matcher } from '../ast.ts';
import type { Branch } from '../branches.ts';
import { compile } from '../compile.ts';
import { nearest } from '../nearest.ts';
import type { Check, Found } from './finding.ts';
import { namedValues, plainStrings } from './finding.ts';
import { eventNamesOf, hasEvent, isKnownService, isOpen, isWrittenWithDate, services, servicesWith, writtenAs } from './known.ts';

/** Each place once, whatever the number of branches it is seen from. */
function once(found: Found[]): Found[] {
  const seen = new Set<string>();
  return found.filter(({ id, at }) => !seen.has(`${id} ${at}`) && seen.add(`${id} ${at}`));
}

/** The services a branch asks for, by `detail.eventSource` or else by `source`; undefined where it may be any. */
function servicesOf(branch: Branch): string[] | undefined {
  const hosts = plainOf(branch.get('detail.eventSource'))?.map(serviceOf);
  const prefixed = plainOf(branch.get('source'))?.map(serviceOfSource);
  const named = hosts ?? prefixed;
  return named?.every((service) => service !== undefined) ? (named as string[]) : undefined;
}

const plainOf = (leaf: Leaf | undefined) => (leaf === undefined ? undefined : plainStrings(leaf));

/** Whether a branch is about CloudTrail: services have other events too, with other detail. */
function isAboutRecords(branch: Branch): boolean {
  const types = plainOf(branch.get('detail-type'));
  return types === undefined || types.some((type) => type.endsWith('via CloudTrail'));
}

export const unknownEventNames: Check = ({ branches }) =>
  once(
    branches.flatMap((branch) => {
      const leaf = branch.get('detail.eventName');
      if (leaf === undefined || !isAboutRecords(branch)) return [];
      const named = servicesOf(branch);
      if (named !== undefined && !named.every(isKnownService)) return [];
      return leaf.matchers.flatMap((matcher) => judge(matcher, leaf, named));
    }),
  );

function judge(matcher: Matcher, leaf: Leaf, named: string[] | undefined): Found[] {
  if (matcher.kind === 'string') return judgeName(matcher.value, matcher, leaf, named);
  if (matcher.kind === 'prefix' || matcher.kind === 'suffix' || matcher.kind === 'wildcard' || matcher.kind === 'equals-ignore-case')
    return judgeGroup(matcher, named);
  return [];
}

const listed = (named: string[]) => named.map((service) => `\`${service}.amazonaws.com\``).join(' or ');

function judgeName(name: string, { at, end }: Matcher, leaf: Leaf, named: string[] | undefined): Found[] {
  const place = { at, end };
  const holders = (named ?? servicesWith(name)).filter((service) => hasEvent(service, name));
  if (holders.length > 0) return [...renamed(name, holders, place), ...dated(name, holders, leaf, place)];
  if (named === undefined) return unknownAnywhere(name, place);
  const meant = nearest(
    name,
    named.flatMap((service) => [...eventNamesOf(service)]),
  );
  if (meant === undefined && named.some(isOpen)) return [];
  const others = servicesWith(name).slice(0, 3);
  const help = meant !== undefined ? `did you mean \`${meant}\`?` : others.length > 0 ? `it is an event of ${listed(others)}` : undefined;
  const severity = help === undefined ? 'warning' : 'error';
  return [
    { id: 'unknown-event-name', severity, message: `${listed(named)} has no event \`${name}\``, ...(help ? { help } : {}), ...place },
  ];
}

function unknownAnywhere(name: string, place: { at: number; end: number }): Found[] {
  const all = new Set([...services()].flatMap((service) => [...eventNamesOf(service)]));
  const meant = nearest(name, all);
  const help = meant === undefined ? 'check the name in the service’s API reference' : `did you mean \`${meant}\`?`;
  return [{ id: 'unknown-event-name', severity: 'warning', message: `no service has an event \`${name}\``, help, ...place }];
}

function renamed(name: string, holders: string[], place: { at: number; end: number }): Found[] {
  const written = holders.map((service) => writtenAs(service, name));
  if (!written.every((each) => each !== undefined)) return [];
  return [{ id: 'renamed-event', message: `CloudTrail never writes \`${name}\``, help: `write \`${written[0]}\``, ...place }];
}

function dated(name: string, holders: string[], leaf: Leaf, place: { at: number; end: number }): Found[] {
  if (!holders.every((service) => isWrittenWithDate(service, name))) return [];
  if (matchesSome(leaf, `${name}20150331`) || matchesSome(leaf, `${name}20150331v2`)) return [];
  const message = `Lambda’s \`${name}\` stands in CloudTrail with a date behind it, such as \`${name}20150331v2\``;
  return [{ id: 'dated-event', message, help: `write {"prefix": "${name}"}`, ...place }];
}

/** Whether a list matches a text; asked of the list as parsed, so that no JSON has to be put together. */
const matchesSome = ({ matchers }: Leaf, text: string) =>
  matchers.some(
    (matcher) => (matcher.kind === 'string' && matcher.value === text) || (matcher.kind === 'prefix' && text.startsWith(matcher.value)),
  );

/** A prefix, suffix or wildcard that fits no event at all. */
function judgeGroup(matcher: Matcher & { value: string }, named: string[] | undefined): Found[] {
  const candidates = [...(named ?? services())];
  if (candidates.some(isOpen) && named !== undefined) return [];
  const rules = compile([{ name: 'fits', pattern: { name: [operator(matcher)] } }]);
  const fits = (name: string) => rules.match({ name }).length > 0;
  if (candidates.some((service) => [...eventNamesOf(service)].some(fits))) return [];
  // Written with a date: a suffix of it may be meant.
  if (candidates.includes('lambda') && matcher.kind !== 'prefix') return [];
  const where = named === undefined ? 'no service' : listed(named);
  const { at, end } = matcher;
  return [
    {
      id: 'unknown-event-name',
      severity: 'warning',
      message: `${where} has ${named === undefined ? 'an' : 'no'} event with ${matcher.kind} \`${matcher.value}\``,
      at,
      end,
    },
  ];
}

const operator = (matcher: Matcher & { value: string }): object => {
  const ignoring = 'ignoreCase' in matcher && matcher.ignoreCase;
  return { [matcher.kind]: ignoring ? { 'equals-ignore-case': matcher.value } : matcher.value };
};

export const unknownEventSources: Check = ({ leaves }) =>
  leaves
    .filter(({ key }) => key.path === 'detail.eventSource')
    .flatMap(namedValues)
    .flatMap(({ value, kind, at, end }) => (kind === 'string' ? judgeSource(value, { at, end }) : []));

function judgeSource(host: string, place: { at: number; end: number }): Found[] {
  const service = serviceOf(host);
  if (service !== undefined && isKnownService(service)) return [];
  const bare = serviceOfSource(host) ?? host;
  if (isKnownService(bare)) {
    const help = `write \`${bare}.amazonaws.com\``;
    return [{ id: 'unknown-event-source', severity: 'error', message: `eventSource is a host name, not \`${host}\``, help, ...place }];
  }
  const meant = nearest(service ?? host, services());
  const help = meant === undefined ? 'a new service perhaps; check a record of it' : `did you mean \`${meant}.amazonaws.com\`?`;
  const severity = meant === undefined ? 'note' : 'warning';
  return [{ id: 'unknown-event-source', severity, message: `no service is known as \`${host}\``, help, ...place }];
}

export const disagreeingSources: Check = ({ branches }) =>
  once(
    branches.flatMap((branch) => {
      const source = branch.get('source');
      const ours = plainOf(source)?.map(serviceOfSource);
      const theirs = plainOf(branch.get('detail.eventSource'))?.map(serviceOf);
      if (source === undefined || ours === undefined || theirs === undefined || [...ours, ...theirs].includes(undefined)) return [];
      if (ours.some((service) => theirs.includes(service))) return [];
      const message = `\`source\` says ${ours.join(', ')} and \`detail.eventSource\` ${theirs.join(', ')}: both can't hold`;
      return [
        { id: 'source-disagrees' as const, message, help: 'name one service in both, or leave one out', at: source.at, end: source.end },
      ];
    }),
  );
