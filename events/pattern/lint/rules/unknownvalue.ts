// `unknown-value`: a field with few values never has this one.
import { VALUES_BY_PATH } from '../../../cloudtrail.ts';
import { nearest } from '../../nearest.ts';
import { perMatcher } from '../leaves.ts';
import { CLOUDTRAIL_GUIDE, type LintRule } from '../lintrule.ts';

export const unknownValue: LintRule = {
  id: 'unknown-value',
  severity: 'error',
  title: 'the field never has this value',
  link: `${CLOUDTRAIL_GUIDE}/cloudtrail-event-reference-user-identity.html`,
  example: { wrong: { detail: { userIdentity: { type: ['root'] } } }, right: { detail: { userIdentity: { type: ['Root'] } } } },
  check: perMatcher((matcher, { key }) => {
    const known = VALUES_BY_PATH[key.path];
    if (known === undefined || matcher.kind !== 'string' || known.includes(matcher.value)) return [];
    const meant = nearest(matcher.value, known) ?? known.find((each) => isBeginning(matcher.value, each));
    const help = meant === undefined ? `it is one of ${known.join(', ')}` : `write \`${meant}\``;
    const message = `\`${key.path}\` is never \`${matcher.value}\``;
    return [{ severity: meant === undefined ? 'note' : 'error', message, help, at: matcher.at, end: matcher.end }];
  }),
};

const isBeginning = (written: string, known: string) => written.length > 2 && known.toLowerCase().startsWith(written.toLowerCase());
