// The rules that `emit: matched` asks, as they travel with the process function: one that does not compile fails here and not in the account.
import { checkRules } from '../functions/rules.ts';
import { readRuleFiles } from '../local/rulefiles.ts';

/**
 * The text of each rule file, by its name.
 * @param sources  rule files, or folders of them
 * @throws TrailbusError when a rule is at fault
 */
export async function rulesFile(sources: readonly string[]): Promise<Uint8Array> {
  const { files } = await readRuleFiles(sources);
  checkRules(files);
  return Buffer.from(JSON.stringify(Object.fromEntries(files)));
}
