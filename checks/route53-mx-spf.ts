// Domains that get mail, and don't say who may send it for them.
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { check, type Line } from '../events/advice/index.ts';
import { hostedZones, linesOfZones, recordLine, recordName, recordValues, ZONE_CALLS, ZONE_CHANGES } from './facts/hostedzones.ts';

const COLUMNS = ['Hosted Zone Name', 'Hosted Zone ID', 'Resource Record Set Name', 'Status'] as const;

/** TXT values stand in quotes, in pieces of 255 bytes that belong together: `"v=spf1 ip4:… " "-all"`. */
function textOf(value: string): string {
  const pieces = [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, piece = '']) => piece);
  return (pieces.length > 0 ? pieces.join('') : value).replaceAll(/\\(["\\])/g, '$1');
}

/** A record that begins `v=spf1` is one. Source: RFC 7208, 4.5. */
const isSpf = (value: string): boolean => /^v=spf1(?: |$)/i.test(textOf(value));

/** Whether a name has an SPF value in records of a type; an alias has those of the name it stands for. */
function hasSpf(records: readonly ResourceRecordSet[], name: string, type: string, isAlias = false): boolean {
  return records
    .filter((record) => record.Type === type && record.Name?.toLowerCase() === name.toLowerCase())
    .some((record) => {
      const target = record.AliasTarget?.DNSName;
      if (target !== undefined) return !isAlias && hasSpf(records, target.endsWith('.') ? target : `${target}.`, type, true);
      return recordValues(record).some(isSpf);
    });
}

function linesOf(records: ResourceRecordSet[], mail: ResourceRecordSet): Pick<Line<string>, 'status' | 'reason'> {
  const name = mail.Name ?? '';
  const shown = recordName(mail);
  if (hasSpf(records, name, 'TXT')) return { status: 'ok', reason: `\`${shown}\` says by a TXT record who may send its mail` };
  if (hasSpf(records, name, 'SPF'))
    return { status: 'warning', reason: `\`${shown}\` has its SPF value in a record of type SPF, which nobody reads any more` };
  return { status: 'error', reason: `\`${shown}\` gets mail, and no TXT record beginning v=spf1 says who may send for it` };
}

export default check({
  id: 'c9D319e7sG',
  name: 'Amazon Route 53 MX Resource Record Sets and Sender Policy Framework',
  category: 'security',
  description:
    'Looks for an SPF value beside each MX record. Without it whoever likes sends mail in the domain’s name, and receivers can’t tell.',
  criteria: {
    red: 'a name with an MX record has no SPF value, neither in a TXT nor in an SPF record',
    yellow: 'the SPF value stands in a record of type SPF only, which is deprecated',
    green: 'a TXT record of the name begins with v=spf1',
  },
  action:
    'Add a TXT record to the name of the MX record: `v=spf1 … -all` with the servers that send for it, or `v=spf1 -all` when none do.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html',
    'https://www.rfc-editor.org/rfc/rfc7208',
    'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html',
  ],
  columns: COLUMNS,
  scope: 'account',
  calls: ZONE_CALLS,
  collect: hostedZones,
  judge: (zones) =>
    linesOfZones(zones, (zone, records) => {
      const mails = new Map(records.filter(({ Type }) => Type === 'MX').map((record) => [record.Name, record]));
      return [...mails.values()].map((mail) => ({ ...recordLine(zone, mail), ...linesOf(records, mail) }));
    }),
  staleAfter: ZONE_CHANGES,
});
