// Writes samples/findings.txt, what every detection finds in the sample logs: npm run samples:findings
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../events/finding.ts';
import { commandFindings } from './commandfindings.ts';

const ROOT = join(import.meta.dirname, '..');

/** The run that is meant, after `trailbus run`. */
export const SAMPLE_RUN = ['samples/logs', '--all-rules', '--sort', '--config', 'samples/trailbus.yml'];

/** A line for each finding: its id, first time, severity, rule, number of events, who, from where, title. */
export const sampleFindings = (findings: readonly Finding[]): string => findings.map(lineOf).join('');

const lineOf = ({ id, firstTime, severity, rule, count, who, from, title }: Finding): string =>
  `${[id.slice(0, 18), firstTime, severity.padEnd(8), rule, count, who, from, title].join('  ')}\n`;

if (process.argv[1] === import.meta.filename)
  writeFileSync(join(ROOT, 'samples/findings.txt'), sampleFindings(commandFindings(...SAMPLE_RUN)));
