// Writes samples/findings.txt, what every detection finds in the sample logs: npm run samples:findings
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../events/finding.ts';

const ROOT = join(import.meta.dirname, '..');

/** The run that is meant. */
export const SAMPLE_RUN = ['run', 'samples/logs', '--all-rules', '--sort', '--config', 'samples/trailbus.yml'];

/** A line for each finding: its id, first time, severity, rule, number of events, who, from where, title. */
export const sampleFindings = (findings: readonly Finding[]): string => findings.map(lineOf).join('');

const lineOf = ({ id, firstTime, severity, rule, count, who, from, title }: Finding): string =>
  `${[id.slice(0, 18), firstTime, severity.padEnd(8), rule, count, who, from, title].join('  ')}\n`;

function findings(): Finding[] {
  const args = [join(ROOT, 'dist/cli/trailbus.js'), ...SAMPLE_RUN, '--exit-zero', '--json'];
  const lines = execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 })
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Finding & { type: string }).filter(({ type }) => type === 'finding');
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(ROOT, 'samples/findings.txt'), sampleFindings(findings()));
