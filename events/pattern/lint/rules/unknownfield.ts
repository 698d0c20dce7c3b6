// `unknown-field`: fields that neither events nor records have.
import { ENVELOPE_FIELDS, IDENTITY_FIELDS, RECORD_FIELDS } from '../../../cloudtrail.ts';
import type { Key } from '../../ast.ts';
import { nearest } from '../../nearest.ts';
import { isAboutRecords } from '../about.ts';
import { CLOUDTRAIL_GUIDE, type LintRule, type RawFinding } from '../lintrule.ts';

export const unknownField: LintRule = {
  id: 'unknown-field',
  severity: 'warning',
  title: 'events have no such field',
  link: `${CLOUDTRAIL_GUIDE}/cloudtrail-event-reference-record-contents.html`,
  example: {
    wrong: { source: ['cloudtrail.ec2'], detail: { eventname: ['RunInstances'] } },
    right: { source: ['cloudtrail.ec2'], detail: { eventName: ['RunInstances'] } },
  },
  check: (rule) => {
    const ofRecords = isAboutRecords(rule);
    return rule.leaves.flatMap(({ key }) => {
      const [first = ''] = key.path.split('.');
      if (!ENVELOPE_FIELDS.includes(first)) return RECORD_FIELDS.includes(first) ? [] : unknownInEnvelope(first, key);
      return first === 'detail' && ofRecords ? unknownInRecord(key) : [];
    });
  },
};

function unknownInEnvelope(name: string, { at, end }: Key): RawFinding[] {
  const meant = nearest(name, ENVELOPE_FIELDS);
  const help = meant === undefined ? `events have ${ENVELOPE_FIELDS.slice(0, 9).join(', ')}` : `did you mean \`${meant}\`?`;
  return [{ severity: 'error', message: `no event has the field \`${name}\``, help, at, end }];
}

function unknownInRecord(key: Key): RawFinding[] {
  const [, second = '', third = ''] = key.path.split('.');
  if (second !== '' && !RECORD_FIELDS.includes(second)) {
    const meant = IDENTITY_FIELDS.includes(second) ? `userIdentity.${second}` : nearest(second, RECORD_FIELDS);
    return [notInRecord(`detail.${second}`, meant, key)];
  }
  if (second === 'userIdentity' && third !== '' && !IDENTITY_FIELDS.includes(third))
    return [notInRecord(`detail.userIdentity.${third}`, nearest(third, IDENTITY_FIELDS), key)];
  return [];
}

const notInRecord = (path: string, meant: string | undefined, { at, end }: Key): RawFinding => ({
  severity: meant === undefined ? 'note' : 'error',
  message: `records have no \`${path}\``,
  ...(meant === undefined ? {} : { help: `did you mean \`${meant}\`?` }),
  at,
  end,
});
