// Writes what of docs/ is made from the code: parts between `<!-- made: NAME -->` and `<!-- end -->`, docs/detections/ and docs/checks/: npm run docs
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleDocs } from '../cli/catalogue/ruledocs.ts';
import { type Explained, FILE_QUARANTINES, FILE_SKIPS, RECORD_QUARANTINES, RECORD_SKIPS } from '../events/reasons.ts';
import { allChecks } from '../local/checkfiles.ts';
import { detectionsIn, packSources, recordsBeside } from '../local/detectionfiles.ts';
import { checkDocs } from './checkdocs.ts';
import { CORE, OUTER, type Room } from './house.ts';
import { conditionsTable, configKeysTable, detectionKeysTable } from './keys.ts';
import { detectionLintRulesTable, lintRulesTable } from './lintrules.ts';
import { parameterTables } from './parameters.ts';
import { quarantineLayoutTable } from './quarantinelayout.ts';

const DOCS = join(import.meta.dirname, '../docs');

/** A part of a page and what makes it. */
interface Part {
  page: string;
  name: string;
  make: () => string;
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const reasonsTable = (subject: string, reasons: Record<string, Explained>): string =>
  table(
    ['Reason', subject, 'What to do'],
    Object.entries(reasons).map(([reason, { words, next = '–' }]) => [`\`${reason}\``, words, next]),
  );

const named = (names: readonly string[] | undefined): string => names?.map((name) => `\`${name}\``).join(', ') || '–';
const isWing = ({ path }: Room) => !path.endsWith('.ts');

const coreTable = () =>
  table(
    ['file or wing', 'what it is', 'its door', 'packages'],
    CORE.map((room) => [`\`${room.path}\``, room.what, isWing(room) ? named(room.doors) : '', named(room.packages)]),
  );

const roomsTable = () =>
  table(
    ['room', 'what it is', 'may import from', 'its door'],
    OUTER.map(({ path, what, mayImport, doors }) => [`\`${path}\``, what, named(mayImport), named(doors)]),
  );

const PARTS: readonly Part[] = [
  { page: 'architecture.md', name: 'core', make: coreTable },
  { page: 'architecture.md', name: 'rooms', make: roomsTable },
  { page: 'operations.md', name: 'file skips', make: () => reasonsTable('The file or notification …', FILE_SKIPS) },
  { page: 'operations.md', name: 'record skips', make: () => reasonsTable('The record …', RECORD_SKIPS) },
  { page: 'operations.md', name: 'file quarantines', make: () => reasonsTable('The file …', FILE_QUARANTINES) },
  { page: 'operations.md', name: 'record quarantines', make: () => reasonsTable('The record …', RECORD_QUARANTINES) },
  { page: 'operations.md', name: 'quarantine layout', make: quarantineLayoutTable },
  { page: 'rules.md', name: 'lint rules', make: lintRulesTable },
  { page: 'rules.md', name: 'detection lint rules', make: detectionLintRulesTable },
  { page: 'detections.md', name: 'detection keys', make: detectionKeysTable },
  { page: 'detections.md', name: 'conditions', make: conditionsTable },
  { page: 'detections.md', name: 'configuration keys', make: configKeysTable },
  { page: 'deploy.md', name: 'parameters', make: parameterTables },
];

export const PAGES: readonly string[] = [...new Set(PARTS.map(({ page }) => page))];

/**
 * A page as it should be: each made part in its place, the rest as it stands.
 * @throws Error when the page has no place for a part
 */
export function madePage(page: string): string {
  let text = readPage(page);
  for (const { name, make } of PARTS.filter((part) => part.page === page)) text = withPart(text, page, name, make());
  return text;
}

export const readPage = (page: string): string => readFileSync(join(DOCS, page), 'utf8');

function withPart(text: string, page: string, name: string, part: string): string {
  const begin = `<!-- made: ${name} -->\n`;
  const at = text.indexOf(begin);
  const end = text.indexOf('<!-- end -->', at);
  if (at < 0 || end < 0) throw new Error(`docs/${page} has no place \`${begin.trim()}\` … \`<!-- end -->\``);
  return `${text.slice(0, at + begin.length)}${part}\n${text.slice(end)}`;
}

export const DETECTION_DOCS = join(DOCS, 'detections');

/** The files of docs/detections/ as they should be, by name. */
export const madeDetectionDocs = (): Map<string, string> => ruleDocs(detectionsIn([packSources()]), recordsBeside);

export const CHECK_DOCS = join(DOCS, 'checks');

/** The files of docs/checks/ as they should be, by name. */
export const madeCheckDocs = async (): Promise<Map<string, string>> => checkDocs(await allChecks());

function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

if (process.argv[1] === import.meta.filename) {
  for (const page of PAGES) writeFileSync(join(DOCS, page), madePage(page));
  writeAll(DETECTION_DOCS, madeDetectionDocs());
  writeAll(CHECK_DOCS, await madeCheckDocs());
}
