// `unknown-event-name`: names, and groups of names, that no event has.
import type { Matcher } from '../../ast.ts';
import { compile } from '../../compile.ts';
import { nearest } from '../../nearest.ts';
import { eventNamesOf, isOpen, knownServices, servicesWith } from '../known.ts';
import { CLOUDTRAIL_GUIDE, type LintRule, type RawFinding } from '../lintrule.ts';
import { holdersOf, listed, type NamedEvent, perEventName } from '../namedevents.ts';

export const unknownEventName: LintRule = {
  id: 'unknown-event-name',
  severity: 'error',
  title: 'the eventSource has no such eventName',
  link: `${CLOUDTRAIL_GUIDE}/cloudtrail-aws-service-specific-topics.html`,
  example: {
    wrong: { detail: { eventSource: ['iam.amazonaws.com'], eventName: ['CreateAcessKey'] } },
    right: { detail: { eventSource: ['iam.amazonaws.com'], eventName: ['CreateAccessKey'] } },
  },
  check: perEventName((named) => {
    const { matcher, services } = named;
    if (matcher.kind === 'string') return judgeName(matcher.value, named);
    if (matcher.kind === 'prefix' || matcher.kind === 'suffix' || matcher.kind === 'wildcard' || matcher.kind === 'equals-ignore-case')
      return judgeGroup(matcher, services);
    return [];
  }),
};

function judgeName(name: string, named: NamedEvent): RawFinding[] {
  const { matcher, services } = named;
  if (holdersOf(name, named).length > 0) return [];
  if (services === undefined) return unknownAnywhere(name, matcher);
  const meant = nearest(
    name,
    services.flatMap((service) => [...eventNamesOf(service)]),
  );
  if (meant === undefined && services.some(isOpen)) return [];
  const others = servicesWith(name).slice(0, 3);
  const help = meant !== undefined ? `did you mean \`${meant}\`?` : others.length > 0 ? `it is an event of ${listed(others)}` : undefined;
  const severity = help === undefined ? 'warning' : 'error';
  const message = `${listed(services)} has no event \`${name}\``;
  return [{ severity, message, ...(help ? { help } : {}), at: matcher.at, end: matcher.end }];
}

function unknownAnywhere(name: string, { at, end }: Matcher): RawFinding[] {
  const all = new Set([...knownServices()].flatMap((service) => [...eventNamesOf(service)]));
  const meant = nearest(name, all);
  const help = meant === undefined ? 'check the name in the service’s API reference' : `did you mean \`${meant}\`?`;
  return [{ severity: 'warning', message: `no service has an event \`${name}\``, help, at, end }];
}

/** A prefix, suffix or wildcard that fits no event at all. */
function judgeGroup(matcher: Matcher & { value: string }, services: string[] | undefined): RawFinding[] {
  const candidates = [...(services ?? knownServices())];
  if (candidates.some(isOpen) && services !== undefined) return [];
  const rules = compile([{ name: 'fits', pattern: { name: [operator(matcher)] } }]);
  const fits = (name: string) => rules.match({ name }).length > 0;
  if (candidates.some((service) => [...eventNamesOf(service)].some(fits))) return [];
  // Written with a date: a suffix of it may be meant.
  if (candidates.includes('lambda') && matcher.kind !== 'prefix') return [];
  const where = services === undefined ? 'no service has an' : `${listed(services)} has no`;
  return [{ severity: 'warning', message: `${where} event with ${matcher.kind} \`${matcher.value}\``, at: matcher.at, end: matcher.end }];
}

const operator = (matcher: Matcher & { value: string }): object => {
  const ignoring = 'ignoreCase' in matcher && matcher.ignoreCase;
  return { [matcher.kind]: ignoring ? { 'equals-ignore-case': matcher.value } : matcher.value };
};
