// What `trailbus rules lint` does.
import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import pc from 'picocolors';
import { dayOf } from '../../events/detect/index.ts';
import { isDetectionText } from '../../events/detect/lint/index.ts';
import { UsageError } from '../../events/errors.ts';
import { type LintFinding, type LintSeverity, lint } from '../../events/pattern/lint/index.ts';
import { placeOf, type Rule } from '../../events/rules/index.ts';
import { packSources } from '../../local/detectionfiles.ts';
import { type RuleFiles, rulesIn, ruleTexts } from '../../local/rulefiles.ts';
import { ExitCode } from '../exitcode.ts';
import { jsonLine, jsonText, printable } from '../terminal.ts';
import { type LintedFiles, lintDetectionFiles, smallestFormFaults } from './lintdetections.ts';
import { type PlacedFinding, sarifOf } from './sarif.ts';

export interface LintOptions {
  json?: boolean;
  sarif?: boolean;
  config?: string;
}

/** Lints rules and detections. @returns `fine` for nothing or notes only, `found` for errors or warnings */
export async function lintRules(sources: string[], { json, sarif, config }: LintOptions): Promise<ExitCode> {
  if (json && sarif) throw new UsageError('`--json` and `--sarif` are two forms of one answer', { help: 'ask for one of them' });
  const texts = await ruleTexts(sources.length > 0 ? sources : [packSources()]);
  const ofDetections = [...texts].filter(([, text]) => isDetectionText(text));
  const detections = lintDetectionFiles(new Map(ofDetections), { config, isInPack, today: dayOf(new Date()) });
  const rules = rulesIn(withoutExamples(texts, detections));
  const ofRules = ruleFindings(rules);
  const findings = [...ofRules, ...smallestFormFaults(rules, config, ofRules), ...detections.findings];
  if (sarif) process.stdout.write(`${jsonText(sarifOf(findings), 2)}\n`);
  else if (json) for (const finding of findings) process.stdout.write(jsonLine(lintFindingObject(finding)));
  else process.stdout.write(lintFindingsText(findings, [plural(rules.rules.length, 'rule'), plural(detections.count, 'detection')]));
  return findings.some(({ severity }) => severity !== 'note') ? ExitCode.found : ExitCode.fine;
}

const isInPack = (file: string): boolean => {
  try {
    return realpathSync(dirname(file)) === realpathSync(packSources());
  } catch {
    return false;
  }
};

/** What is left for rules: neither detections nor the events that they are tested with. */
function withoutExamples(texts: Map<string, string>, { files, examples }: LintedFiles): Map<string, string> {
  return new Map([...texts].filter(([name]) => !files.has(name) && !examples.has(resolve(name))));
}

function ruleFindings({ rules, files }: RuleFiles): PlacedFinding[] {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  return [...lint(rules).map((finding) => placed(finding, byName.get(finding.rule)!, files)), ...rules.flatMap(testsNote)];
}

/** A rule that is called something may be meant for a detection: the smallest form of one. */
function testsNote({ form, name, title, severity, source, place }: Rule): PlacedFinding[] {
  if (form !== 'detection' || (title === undefined && severity === undefined)) return [];
  const message = 'has no tests of what it matches and what it ignores';
  const help = 'add events under `tests`; `trailbus rules new` fills them in from one event';
  const { line, column } = place;
  return [
    {
      ...{ rule: name, id: 'no-tests', severity: 'note', message, help },
      ...{ file: source, line, column, endLine: line, endColumn: column + 1 },
    },
  ];
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

const lintFindingObject = ({ file, line, column, path, rule, id, severity, message, help, link }: PlacedFinding) => ({
  ...{ type: 'finding', id, severity, rule, file, line, column, path, message, help, link },
});

const COLOUR: Record<LintSeverity, (text: string) => string> = { error: pc.red, warning: pc.yellow, note: pc.cyan };

const plural = (count: number, noun: string): string => (count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`);

/** `FILE:LINE:COLUMN warning RULE raise[0].pattern: what is wrong lint-rule` */
function lintFindingLine({ file, line, column, rule, path = '', id, severity, message, help }: PlacedFinding): string {
  const hint = help === undefined ? '' : `\n  ${pc.bold('next:')} ${printable(help)}`;
  const where = path === '' || path === 'pattern' ? rule : `${rule} ${path}`;
  return `${printable(`${file}:${line}:${column}`)} ${COLOUR[severity](severity)} ${printable(`${where}: ${message}`)} ${pc.dim(id)}${hint}\n`;
}

function lintFindingsText(findings: PlacedFinding[], looked: string[]): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    return found === 0 ? [] : [plural(found, severity)];
  });
  const of = looked.filter(Boolean).join(', ') || 'no rules';
  return `${findings.map(lintFindingLine).join('')}${of}, ${counts.join(', ') || 'nothing found'}\n`;
}
