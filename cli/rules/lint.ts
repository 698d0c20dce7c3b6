// What `trailbus rules lint` does.
import pc from 'picocolors';
import { UsageError } from '../../events/errors.ts';
import { type LintFinding, type LintSeverity, lint } from '../../events/pattern/lint/index.ts';
import { placeOf, type Rule } from '../../events/rules/index.ts';
import { readRuleFiles } from '../../local/rulefiles.ts';
import { ExitCode } from '../exitcode.ts';
import { printable } from '../terminal.ts';
import { type PlacedFinding, sarifOf } from './sarif.ts';

export interface LintOptions {
  json?: boolean;
  sarif?: boolean;
}

/** Lints rules. @returns `fine` for nothing or notes only, `found` for errors or warnings */
export async function lintRules(sources: string[], { json, sarif }: LintOptions): Promise<ExitCode> {
  if (json && sarif) throw new UsageError('`--json` and `--sarif` are two forms of one answer', { help: 'ask for one of them' });
  const { rules, files } = await readRuleFiles(sources);
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const findings = lint(rules).map((finding) => placed(finding, byName.get(finding.rule)!, files));
  if (sarif) process.stdout.write(`${JSON.stringify(sarifOf(findings), null, 2)}\n`);
  else if (json) for (const finding of findings) process.stdout.write(`${JSON.stringify(lintFindingObject(finding))}\n`);
  else process.stdout.write(lintFindingsText(findings, rules.length));
  return findings.some(({ severity }) => severity !== 'note') ? ExitCode.found : ExitCode.fine;
}

function placed(finding: LintFinding, rule: Rule, files: Map<string, string>): PlacedFinding {
  const text = files.get(rule.source) ?? rule.pattern;
  const start = placeOf(rule, text, finding.at);
  const end = placeOf(rule, text, Math.max(finding.end, finding.at));
  const sound = end.line > start.line || (end.line === start.line && end.column > start.column);
  return {
    ...finding,
    file: rule.source,
    ...start,
    endLine: sound ? end.line : start.line,
    endColumn: sound ? end.column : start.column + 1,
  };
}

const lintFindingObject = ({ file, line, column, rule, id, severity, message, help, link }: PlacedFinding) => ({
  ...{ type: 'finding', id, severity, rule, file, line, column, message, help, link },
});

const COLOUR: Record<LintSeverity, (text: string) => string> = { error: pc.red, warning: pc.yellow, note: pc.cyan };

function lintFindingsText(findings: PlacedFinding[], count: number): string {
  const lines = findings.map(({ file, line, column, rule, id, severity, message, help }) => {
    const hint = help === undefined ? '' : `\n  ${pc.bold('next:')} ${printable(help)}`;
    return `${printable(`${file}:${line}:${column}`)} ${COLOUR[severity](severity)} ${printable(`${rule}: ${message}`)} ${pc.dim(id)}${hint}\n`;
  });
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    return found === 0 ? [] : [`${found} ${severity}${found === 1 ? '' : 's'}`];
  });
  return `${lines.join('')}${count} rule${count === 1 ? '' : 's'}, ${counts.join(', ') || 'nothing found'}\n`;
}
