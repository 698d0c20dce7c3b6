// What CloudFormation would put into a target: what it knows in every stack, and what only the rule's own template knows.
import { parseDocument } from 'yaml';

/** Known in every stack, and so in ours. Source: CloudFormation template reference, "Pseudo parameters reference" (read 2026-11-28). */
const PSEUDO = /^AWS::(?:Partition|Region|AccountId|URLSuffix)$/;

/** A value that only a deployment knows, as rule files are read: `${!Ref Topic}`, `${{"Fn::Sub": "…"}}`. */
const INTRINSIC = /^\$\{(!\w[\w:]*[\s\S]*|[\s\S]*\bFn::[\s\S]*|[\s\S]*\bRef\b[\s\S]*)\}$/;

/** The text in a `Sub`; undefined for another function. */
function substituted(text: string): string | undefined {
  const [, inner = ''] = INTRINSIC.exec(text) ?? [];
  if (inner.startsWith('!Sub ')) return inner.slice('!Sub '.length);
  if (inner.startsWith('!')) return undefined;
  const found = parseDocument(inner, { logLevel: 'silent' }).get('Fn::Sub');
  return typeof found === 'string' ? found : undefined;
}

/** What stands in a text's `${…}` and is known to its own template alone: `${param:topic}`. */
const unknownIn = (text: string): string[] =>
  [...text.matchAll(/\$\{([^}!]+)\}/g)].map((match) => match[1]!).filter((name) => /^\w+:/.test(name) && !PSEUDO.test(name));

/** Values in a target, wherever they stand in it, that only its own template knows. */
export function knownOnlyThere(value: unknown): string[] {
  if (typeof value === 'string') {
    if (!INTRINSIC.test(value)) return unknownIn(value);
    const text = substituted(value);
    const names = text === undefined ? [value.slice(2, -1)] : [...text.matchAll(/\$\{([^}!]+)\}/g)].map((match) => match[1]!);
    return names.filter((name) => !PSEUDO.test(name));
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(knownOnlyThere) : [];
}

/** The same value, `Sub` taken off texts: they go through ours. */
export function withPseudoParameters(value: unknown): unknown {
  if (typeof value === 'string') return INTRINSIC.test(value) ? (substituted(value) ?? value) : value;
  if (Array.isArray(value)) return value.map(withPseudoParameters);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPseudoParameters(inner)]));
}
