// Lint findings as SARIF 2.1.0, the form that code scanning reads.
import { isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LINT_RULES, type LintFinding, type LintRule } from '../../events/pattern/lint/index.ts';

/** A finding in its file. */
export interface PlacedFinding extends LintFinding {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

const descriptorOf = ({ id, severity, title, link }: LintRule) => ({
  id,
  name: id.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
  shortDescription: { text: title },
  fullDescription: { text: title },
  help: { text: `${title}. See ${link}`, markdown: `${title}. [Documentation](${link})` },
  helpUri: link,
  defaultConfiguration: { level: severity },
  properties: { tags: ['eventbridge', 'cloudtrail'], precision: 'high' },
});

/** Paths below the working folder are given relative to it, as code scanning wants them. */
function uriOf(file: string): { uri: string; uriBaseId?: string } {
  const inside = relative(process.cwd(), file);
  if (inside.startsWith('..') || isAbsolute(inside)) return { uri: pathToFileURL(file).href };
  return { uri: inside.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

const resultOf = ({ id, severity, rule, message, help, file, line, column, endLine, endColumn }: PlacedFinding) => ({
  ruleId: id,
  ruleIndex: LINT_RULES.findIndex((each) => each.id === id),
  level: severity,
  message: { text: `${rule}: ${message}${help === undefined ? '' : `; ${help}`}` },
  locations: [
    { physicalLocation: { artifactLocation: uriOf(file), region: { startLine: line, startColumn: column, endLine, endColumn } } },
  ],
  partialFingerprints: { trailbusRule: `${rule}/${id}/${message}` },
});

/** @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarifOf(findings: PlacedFinding[]): object {
  const driver = { name: 'trailbus', informationUri: 'https://www.npmjs.com/package/trailbus', rules: LINT_RULES.map(descriptorOf) };
  return { $schema: SCHEMA, version: '2.1.0', runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: findings.map(resultOf) }] };
}
