// The rules that `emit: matched` asks, put beside the process function: a rule that does not compile fails here and not in the account.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { UsageError } from '../events/errors.ts';
import { checkRules } from '../functions/rules.ts';
import { readRuleFiles } from '../local/rulefiles.ts';
import { RULES_FILE } from './lambda.ts';
import { zip } from './zip.ts';

/**
 * Writes the process function with its rules into the folder of built functions.
 * @param source  a rules file, or a folder of them
 * @returns the zip's path below `folder`
 * @throws TrailbusError when nothing is built, or a rule is at fault
 */
export async function shipRules(folder: string, source: string): Promise<string> {
  const built = join(folder, 'process.zip');
  if (!existsSync(built)) throw new UsageError(`nothing is built in \`${folder}\``, { help: 'run `npm run build:functions` first' });
  const { files } = await readRuleFiles([source]);
  checkRules(files);
  const bytes = zip({
    ...unzipSync(readFileSync(built)),
    [RULES_FILE]: Buffer.from(JSON.stringify(Object.fromEntries(files))),
  });
  const name = `process-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.zip`;
  writeFileSync(join(folder, name), bytes);
  return name;
}
