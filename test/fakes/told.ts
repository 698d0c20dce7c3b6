// Who is told findings, in memory.
import type { TellFindings } from '../../events/detect/doors.ts';
import type { Finding } from '../../events/finding.ts';

export interface KeptTold {
  findings: Finding[];
  /** Takes none of what is told next. */
  refusesNext?: boolean;
}

/** Tells findings to a list. */
export function keptTeller(told: KeptTold): TellFindings {
  return async (findings) => {
    const isRefused = told.refusesNext === true;
    delete told.refusesNext;
    if (isRefused) throw new Error('refused');
    told.findings.push(...findings);
  };
}
