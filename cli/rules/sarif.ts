// Lint findings as SARIF 2.1.0, the form that code scanning reads.
import { isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DETECTION_LINT_RULES, type DetectionLintFinding } from '../../events/detect/lint/index.ts';
import { LINT_RULES, type LintSeverity } from '../../events/pattern/lint/index.ts';

/** A finding in its file. */
export interface PlacedFinding extends Omit<DetectionLintFinding, 'path' | 'source' | 'start' | 'end'> {
  /** In a detection, `raise[0].pattern`. */
  path?: string;
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

interface Described {
  id: string;
  severity: LintSeverity;
  title: string;
  link?: string;
}

/** What a reader finds that refuses a detection file. */
const INVALID: Described = { id: 'invalid-detection', severity: 'error', title: 'the file is no detection that can be read' };

const described = [...LINT_RULES, ...DETECTION_LINT_RULES, INVALID].sort((left, right) => (left.id < right.id ? -1 : 1));

const descriptorOf = ({ id, severity, title, link }: Described) => ({
  id,
  name: id.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
  shortDescription: { text: title },
  fullDescription: { text: title },
  ...(link === undefined
    ? { help: { text: title } }
    : { help: { text: `${title}. See ${link}`, markdown: `${title}. [Documentation](${link})` }, helpUri: link }),
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
  ruleIndex: described.findIndex((each) => each.id === id),
  level: severity,
  message: { text: `${rule}: ${message}${help === undefined ? '' : `; ${help}`}` },
  locations: [
    { physicalLocation: { artifactLocation: uriOf(file), region: { startLine: line, startColumn: column, endLine, endColumn } } },
  ],
  partialFingerprints: { trailbusRule: `${rule}/${id}/${message}` },
});

/** @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarifOf(findings: PlacedFinding[]): object {
  const driver = { name: 'trailbus', informationUri: 'https://www.npmjs.com/package/trailbus', rules: described.map(descriptorOf) };
  return { $schema: SCHEMA, version: '2.1.0', runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: findings.map(resultOf) }] };
}
