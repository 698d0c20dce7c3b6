// The members of events that detections name, and the values they ask for.

/** What is asked of a detection, whether it was read from its file or from the built pack. */
export interface SuggestingDetection {
  id: string;
  title: string;
  tags: readonly string[];
  patterns: readonly { text: string }[];
  steps: readonly { patterns: readonly { text: string }[] }[];
  raise: readonly { patterns: readonly { text: string }[] }[];
  exclusions: readonly { patterns: readonly { text: string }[] }[];
}

/** A place in events: what stands in it, and the plain texts that it is compared with. */
export interface EventMember {
  members: Map<string, EventMember>;
  values: Set<string>;
}

const nothing = (): EventMember => ({ members: new Map(), values: new Set() });

/** The member at a path; made where it isn't there. */
export function memberOf(member: EventMember, ...path: string[]): EventMember {
  const [step, ...rest] = path;
  if (step === undefined) return member;
  const inner = member.members.get(step) ?? nothing();
  member.members.set(step, inner);
  return memberOf(inner, ...rest);
}

/** All members that the patterns of detections name, from the event's top. */
export function membersNamedBy(detections: readonly SuggestingDetection[]): EventMember {
  const top = nothing();
  for (const { patterns, steps, raise, exclusions } of detections)
    for (const { text } of [...patterns, ...[...steps, ...raise, ...exclusions].flatMap((each) => each.patterns)])
      addPattern(JSON.parse(text), top);
  return top;
}

function addPattern(pattern: unknown, member: EventMember): void {
  for (const [key, value] of Object.entries(pattern as object)) {
    if (key === '$or') for (const arm of value as unknown[]) addPattern(arm, member);
    else if (Array.isArray(value)) addList(value, memberOf(member, key));
    else addPattern(value, memberOf(member, key));
  }
}

function addList(list: readonly unknown[], { values }: EventMember): void {
  for (const value of list) if (typeof value === 'string') values.add(value);
}

/** Dotted paths of all members below one. */
export const pathsIn = (member: EventMember): string[] =>
  [...member.members].flatMap(([key, inner]) => [key, ...pathsIn(inner).map((path) => `${key}.${path}`)]);
