// The rules that `emit: matched` asks, put beside the process function: a rule that does not compile fails here and not in the account.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import { zip } from './zip.mjs';

/** The function's name for what it is shipped; its environment says so too. */
export const RULES_FILE = 'rules.json';

/**
 * Writes the process function with its rules into the folder of built functions.
 * @param source  a rules file, or a folder of them
 * @returns the zip's path below `folder`
 * @throws Error, with `source` and `help` when a rule is at fault
 */
export async function shipRules(folder, source) {
  const reader = join(folder, 'rules.mjs');
  if (!existsSync(reader)) throw new Error(`nothing is built in \`${folder}\`: run \`npm run build:functions\` first`);
  const { checkRules, readRuleFiles } = await import(pathToFileURL(reader));
  const { files } = await readRuleFiles([source]);
  checkRules(files);
  const bytes = zip({
    ...unzipSync(readFileSync(join(folder, 'process.zip'))),
    [RULES_FILE]: Buffer.from(JSON.stringify(Object.fromEntries(files))),
  });
  const name = `process-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.zip`;
  writeFileSync(join(folder, name), bytes);
  return name;
}
