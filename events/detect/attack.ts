// Tags of MITRE ATT&CK: `attack.defense-evasion` is a tactic, `attack.t1562.008` a technique.

export interface Tactic {
  /** As a detection file has it, and Sigma: `attack.defense-evasion`. */
  tag: string;
  name: string;
  id: string;
}

const tactic = (id: string, name: string): Tactic => ({ id, name, tag: `attack.${name.toLowerCase().replaceAll(' ', '-')}` });

/** Of the enterprise matrix, in its order. @see https://attack.mitre.org/tactics/enterprise/ (read 2026-11-28) */
export const TACTICS: readonly Tactic[] = [
  tactic('TA0043', 'Reconnaissance'),
  tactic('TA0042', 'Resource Development'),
  tactic('TA0001', 'Initial Access'),
  tactic('TA0002', 'Execution'),
  tactic('TA0003', 'Persistence'),
  tactic('TA0004', 'Privilege Escalation'),
  tactic('TA0005', 'Defense Evasion'),
  tactic('TA0006', 'Credential Access'),
  tactic('TA0007', 'Discovery'),
  tactic('TA0008', 'Lateral Movement'),
  tactic('TA0009', 'Collection'),
  tactic('TA0011', 'Command and Control'),
  tactic('TA0010', 'Exfiltration'),
  tactic('TA0040', 'Impact'),
];

/** `T1562.008` of `attack.t1562.008`; undefined for other tags. */
export const techniqueOf = (tag: string): string | undefined => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1]?.toUpperCase();

export const isTechniqueTag = (tag: string): boolean => techniqueOf(tag) !== undefined;
