// Findings, for people and for programs.
import pc from 'picocolors';
import { type Finding, isOnTrial, type Severity } from '../events/finding.ts';
import { printable } from './terminal.ts';

const COLOUR: Record<Severity, (text: string) => string> = {
  critical: (text) => pc.bold(pc.red(text)),
  high: pc.red,
  medium: pc.yellow,
  low: pc.cyan,
  info: pc.dim,
};

/** Letters of the longest severity, so that titles stand below each other. */
const WIDTH = 'critical'.length;
const TIME_WIDTH = '2026-10-05T13:51:02Z'.length;

/** `2026-10-05T13:51:02Z high     the trail main was stopped · alice from 203.0.113.7 · cloudtrail.logging-stopped` */
export function findingLine(finding: Finding): string {
  const { severity, firstTime, title, who, from, count, rule, state } = finding;
  const trial = isOnTrial(finding) ? `${pc.bold('on trial:')} ` : '';
  const caller = [who === undefined ? '' : printable(who), from === undefined ? '' : `from ${printable(from)}`].filter(Boolean).join(' ');
  const times = count > 1 ? ` (${count} events)` : '';
  const rest = pc.dim(` · ${[caller, printable(rule), state === 'closed' ? state : ''].filter(Boolean).join(' · ')}`);
  return `${printable(firstTime ?? 'no time').padEnd(TIME_WIDTH)} ${COLOUR[severity](severity.padEnd(WIDTH))} ${trial}${printable(title)}${times}${rest}\n`;
}

/** `{"type":"finding",…}`: the finding as it goes on the bus. */
export const findingObject = (finding: Finding): object => ({ type: 'finding', ...finding });
