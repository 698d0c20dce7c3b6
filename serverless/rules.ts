// The rules that `emit: matched` asks, as they travel with the process function: one that does not compile fails here and not in the account.
import { checkRules, type RuleTexts } from '../events/rules/index.ts';

/**
 * The text of each rule file, by its name.
 * @throws TrailbusError when a rule is at fault
 */
export function rulesFile(files: RuleTexts): Uint8Array {
  checkRules(files);
  return Buffer.from(JSON.stringify(Object.fromEntries(files)));
}
