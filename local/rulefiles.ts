// Rule files on this machine.
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../events/errors.ts';
import { type Rule, readRules, withOwnNames } from '../events/rules/index.ts';
import { readText } from './textfile.ts';

export interface RuleFiles {
  rules: Rule[];
  /** The text of each file, by the name its rules have as `source`. */
  files: Map<string, string>;
}

/** Events that rules are tested with stand in folders of this name, beside the rules. */
const FIXTURES = /(^|\/)(fixtures|node_modules)\//;

/** What a rule given on the command line is called. */
export const INLINE = 'inline';

/**
 * The rules that arguments name: a file, a folder (every .json, .yml, .yaml and .template below it, folders called `fixtures` aside),
 * `-` for standard input, or the pattern itself.
 * @throws UsageError when there is no such file, RuleError when a file has no rule
 */
export const readRuleFiles = async (sources: readonly string[]): Promise<RuleFiles> => rulesIn(await ruleTexts(sources));

/** The rules of files that were read. @throws RuleError when a file has no rule */
export const rulesIn = (files: Map<string, string>): RuleFiles => ({
  rules: withOwnNames([...files].flatMap(([name, text]) => readRules(text, name))),
  files,
});

/** The texts that arguments name, by the file's name. @throws UsageError when there is no such file */
export async function ruleTexts(sources: readonly string[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const source of sources) for (const [name, text] of await textsOf(source)) files.set(name, text);
  return files;
}

async function textsOf(source: string): Promise<[string, string][]> {
  if (/^\s*\{/.test(source)) return [[INLINE, source]];
  if (source === '-') return [['standard input', readText(0)]];
  const stat = statSync(source, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new UsageError(`no such file or folder: \`${source}\``, {
      help: 'name a rule file or a folder of them, give the pattern itself in quotes, or - for standard input',
    });
  const paths = stat.isDirectory() ? await filesBelow(source) : [source];
  return paths.map((path) => [path, readText(path)]);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\.(json|ya?ml|template)$/.test(path) && !FIXTURES.test(path.slice(folder.length)))
    .sort();
  if (paths.length === 0)
    throw new UsageError(`no rule files in \`${folder}\``, { help: 'rule files end in .yaml, .yml, .json or .template' });
  return paths;
}
