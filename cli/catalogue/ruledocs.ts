// What `trailbus rules docs` does: a page for each detection, one that leads to them, and a layer of ATT&CK.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Detection } from '../../events/detect/index.ts';
import { UsageError } from '../../events/errors.ts';
import { loadConfig } from '../../local/configfile.ts';
import { detectionsIn, packSources, recordsBeside } from '../../local/detectionfiles.ts';
import { printable } from '../terminal.ts';
import { navigatorLayer } from './coverage.ts';
import { detectionPage, MADE_BY, type RecordsOfFile } from './detectionpage.ts';
import { indexPage } from './indexpage.ts';

export interface RuleDocsOptions {
  out: string;
  config?: string;
}

/** The files, by their names in the folder. */
export function ruleDocs(detections: readonly Detection[], readRecords: RecordsOfFile): Map<string, string> {
  const sorted = [...detections].sort((left, right) => (left.id < right.id ? -1 : 1));
  return new Map([
    ['README.md', indexPage(sorted)],
    ['attack-navigator.json', `${JSON.stringify(navigatorLayer(sorted, 'Trailbus detections'), null, 1)}\n`],
    ...sorted.map((detection): [string, string] => [`${detection.id}.md`, detectionPage(detection, readRecords)]),
  ]);
}

/** Writes the files. @throws UsageError, before any is written, where one is there that wasn't made so */
export function writeRuleDocs(paths: string[], { out, config }: RuleDocsOptions): void {
  const { lists } = loadConfig(config);
  const files = ruleDocs(detectionsIn(paths.length > 0 ? paths : [packSources()], [...lists.keys()]), recordsBeside);
  for (const name of files.keys()) refuseOther(join(out, name));
  mkdirSync(out, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(out, name), text);
  process.stdout.write(`${files.size} files written to ${printable(out)}\n`);
}

function refuseOther(path: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8').includes(MADE_BY)) return;
  throw new UsageError(`\`${path}\` is there already, and was not made by this command`, { help: 'name another folder with --out' });
}
