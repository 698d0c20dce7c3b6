// Values in lists: of the right type, possible, and excluded as meant.

import { BOOLEAN_PATHS, NUMBER_PATHS, OMITTED, STRING_PATHS, VALUES_BY_PATH } from '../../cloudtrail.ts';
import type { Leaf, Matcher } from '../ast.ts';
import { nearest } from '../nearest.ts';
import { excludesNothing } from './envelope.ts';
import type { Check, Found } from './finding.ts';

const perMatcher = (look: (matcher: Matcher, leaf: Leaf) => Found[]): Check => {
  return ({ leaves }) => leaves.flatMap((leaf) => leaf.matchers.flatMap((matcher) => look(matcher, leaf)));
};

export const anythingButLists: Check = ({ leaves }) =>
  leaves.flatMap(({ key, matchers }): Found[] => {
    const buts = matchers.filter(({ kind }) => kind === 'anything-but');
    if (buts.length < 2) return [];
    const all = excludesNothing(matchers);
    const message = `one of a list is enough: ${buts.length} anything-but in \`${key.path}\` ${all ? 'let every value through' : 'hardly exclude anything'}`;
    const { at, end } = buts[1]!;
    const severity = all ? 'error' : 'warning';
    return [{ id: 'anything-but-list', severity, message, help: 'write one: [{"anything-but": ["a", "b"]}]', at, end }];
  });

export const anythingButAbsent: Check = ({ leaves }) =>
  leaves.flatMap(({ key, matchers }): Found[] => {
    const but = matchers.find(({ kind }) => kind === 'anything-but');
    const why = OMITTED.find(([fits]) => fits.test(key.path));
    if (but === undefined || why === undefined || matchers.some(({ kind }) => kind === 'exists')) return [];
    const message = `anything-but needs \`${key.path}\` to be there, and it is often absent`;
    const help = 'add {"exists": false} to the list if absence is fine too';
    return [{ id: 'anything-but-absent', severity: severityOfAbsence(key.path), message, help, at: but.at, end: but.end }];
  });

/** Parameters are absent for other events than the one a rule names; errorCode and its like are for the very same. */
const severityOfAbsence = (path: string) => (/^detail\.(requestParameters|responseElements)\./.test(path) ? 'note' : 'warning');

const isNumber = (text: string) => /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text);
const LOOKS_LIKE_TEXT = /(id|arn|name|version|account|accounts|date|time|key|value|zone|protocol|code|token|mask)s?$/i;

export const numbersAsStrings = perMatcher((matcher, { key }) => {
  if (matcher.kind !== 'string' || !key.path.startsWith('detail.') || STRING_PATHS.test(key.path)) return [];
  const { value, at, end } = matcher;
  const bool = value === 'true' || value === 'false';
  if (!bool && !isNumber(value)) return [];
  const sure = bool ? BOOLEAN_PATHS.test(key.path) : NUMBER_PATHS.test(key.path);
  if (!sure && (LOOKS_LIKE_TEXT.test(key.path) || /^\d{12}$/.test(value))) return [];
  const message = `"${value}" is a string, and ${sure ? `\`${key.path}\` is a ${bool ? 'boolean' : 'number'}` : `a ${bool ? 'boolean' : 'number'} in the event doesn't equal it`}`;
  return [{ id: 'number-as-string', severity: sure ? 'warning' : 'note', message, help: `write ${value} without quotes`, at, end }];
});

export const stringsAsNumbers = perMatcher((matcher, { key }) => {
  if (!STRING_PATHS.test(key.path)) return [];
  const { at, end } = matcher;
  const text =
    matcher.kind === 'number' ? matcher.text : matcher.kind === 'literal' && matcher.value !== null ? String(matcher.value) : undefined;
  if (text === undefined && matcher.kind !== 'numeric') return [];
  const message = `\`${key.path}\` is a string: ${text ?? 'numeric'} never matches`;
  return [{ id: 'string-as-number', message, ...(text === undefined ? {} : { help: `write "${text}"` }), at, end }];
});

export const cidrOnServiceNames = perMatcher((matcher, { key, matchers }) => {
  if (matcher !== matchers[0] || key.path !== 'detail.sourceIPAddress' || matchers.some(({ kind }) => kind !== 'cidr')) return [];
  const message =
    '`sourceIPAddress` is a name such as `ec2.amazonaws.com` or `AWS Internal` where a service made the call: cidr never matches those';
  return [
    {
      id: 'cidr-service-name',
      message,
      help: 'add {"suffix": ".amazonaws.com"} to the list if such calls are meant too',
      at: matcher.at,
      end: matcher.end,
    },
  ];
});

export const impossibleValues = perMatcher((matcher, { key }) => {
  const known = VALUES_BY_PATH[key.path];
  if (known === undefined || matcher.kind !== 'string' || known.includes(matcher.value)) return [];
  const meant =
    nearest(matcher.value, known) ??
    known.find((each) => each.toLowerCase().startsWith(matcher.value.toLowerCase()) && matcher.value.length > 2);
  const help = meant === undefined ? `it is one of ${known.join(', ')}` : `write \`${meant}\``;
  const severity = meant === undefined ? 'note' : 'error';
  return [
    { id: 'unknown-value', severity, message: `\`${key.path}\` is never \`${matcher.value}\``, help, at: matcher.at, end: matcher.end },
  ];
});

/** Names of AWS have no star, ARNs and policies in parameters may. */
export const starsInStrings = perMatcher((matcher, { key }) => {
  if (
    matcher.kind !== 'string' ||
    !matcher.value.includes('*') ||
    /^detail\.(requestParameters|responseElements|additionalEventData)\./.test(key.path)
  )
    return [];
  const help = `write {"wildcard": ${JSON.stringify(matcher.value)}}`;
  return [
    {
      id: 'star-in-string',
      message: `\`*\` in ${JSON.stringify(matcher.value)} stands for itself`,
      help,
      at: matcher.at,
      end: matcher.end,
    },
  ];
});
