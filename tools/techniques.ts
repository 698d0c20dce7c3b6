// What the detections find in records of attack techniques, one file for each: the table of docs/techniques.md.
//   node --import tsx tools/techniques.ts FOLDER
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../events/finding.ts';
import { SEVERITIES } from '../events/finding.ts';
import { commandFindings } from './commandfindings.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs/techniques.md');

/** They go by the tool's name, by regions that this configuration doesn't name and by pipelines that it does: each file has something for them. */
const EVERYWHERE = new Set(['client.attack-tool', 'region.unused', 'iam.changes-outside-iac']);

/** Why a technique's own detection has nothing to tell of its file. */
const REMARKS: Record<string, string> = {
  'aws.credential-access.ec2-steal-instance-credentials':
    '`creds.instance-outside` tells of an address where the instance’s role was not seen before, so it needs the days before',
};

/** @returns ids of detections by their highest severity */
function foundIn(file: string): Map<string, Finding['severity']> {
  const found = commandFindings(file, '--all-rules', '--config', 'samples/trailbus.yml');
  const severities = new Map<string, Finding['severity']>();
  for (const severity of SEVERITIES)
    for (const { rule } of found.filter((finding) => finding.severity === severity))
      if (!severities.has(rule) && !EVERYWHERE.has(rule)) severities.set(rule, severity);
  return withoutTracking(severities);
}

/** Single reads and changes of any kind, which are told as info, say little where something else is found. */
function withoutTracking(severities: Map<string, Finding['severity']>): Map<string, Finding['severity']> {
  const telling = [...severities].filter(([, severity]) => severity !== 'info');
  return telling.length > 0 ? new Map(telling) : severities;
}

/** The table's rows. @param folder  holds `TECHNIQUE.json.gz` */
export const techniqueRows = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => {
      const technique = name.replace('.json.gz', '');
      const found = [...foundIn(join(folder, name))].map(([rule, severity]) => `\`${rule}\` ${severity}`).join(', ');
      return `| \`${technique}\` | ${found || 'nothing of its own'} | ${REMARKS[technique] ?? ''} |`;
    });

/** The page's rows as they are. */
export const writtenRows = (): string[] =>
  readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `aws.'));

if (process.argv[1] === import.meta.filename) {
  const page = readFileSync(PAGE, 'utf8').split('\n');
  const rest = page.filter((line) => !line.startsWith('| `aws.'));
  const at = rest.findIndex((line) => /^\| -+ \|/.test(line)) + 1;
  writeFileSync(PAGE, [...rest.slice(0, at), ...techniqueRows(process.argv[2]!), ...rest.slice(at)].join('\n'));
}
