#!/usr/bin/env node
// The trailbus command: finds its sub-commands as files, `commands/run.ts` is `trailbus run`, `commands/rules/match.ts` is `trailbus rules match`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { TrailbusError } from '../events/errors.ts';
import { ExitCode } from './exitcode.ts';
import { complain } from './terminal.ts';

/** What a file in commands/ exports as default: describes its command; the heavy imports stand inside the action. */
export type Describe = (command: Command) => void;

// The SDK's notice about Node 20 is for its developers, and would stand in the way of exact output.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const HERE = new URL('./commands/', import.meta.url);
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** Adds the commands of a folder; when `only` names one of them, that one alone: the others needn't be loaded. */
async function addCommands(parent: Command, folder: URL, only?: string): Promise<void> {
  const items = readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  const named = items.filter(({ name }) => name === only || name === `${only}${EXTENSION}`);
  for (const item of named.length > 0 ? named : items) {
    if (item.isDirectory()) await addNoun(parent, item.name, new URL(`${item.name}/`, folder));
    else if (item.name.endsWith(EXTENSION) && !item.name.startsWith('index.')) {
      const { default: describe } = (await import(new URL(item.name, folder).href)) as { default: Describe };
      describe(parent.command(item.name.slice(0, -EXTENSION.length)));
    }
  }
}

/** A folder is a noun with commands of its own; its `index.ts` describes the noun. */
async function addNoun(parent: Command, name: string, folder: URL): Promise<void> {
  const noun = parent.command(name);
  const { default: describe } = (await import(new URL(`index${EXTENSION}`, folder).href)) as { default: Describe };
  describe(noun);
  await addCommands(noun, folder);
}

function version(): string {
  const candidates = ['../package.json', '../../package.json']
    .map((path) => new URL(path, import.meta.url))
    .filter((url) => existsSync(fileURLToPath(url)));
  return (JSON.parse(readFileSync(candidates[0]!, 'utf8')) as { version: string }).version;
}

/** A reader that has gone, as `head` does, is no fault of anyone; a full disk is one. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    if (stream === process.stdout) complain(new TrailbusError(`can’t write to standard output: ${error.message}`, { cause: error }));
    process.exit(ExitCode.failed);
  });

const program = new Command('trailbus')
  .description('CloudTrail log files in, EventBridge events out: in Lambda, on a laptop, on LocalStack')
  .version(version())
  .enablePositionalOptions()
  .showHelpAfterError('(add --help for what can be said)')
  .exitOverride();

try {
  await addCommands(program, HERE, process.argv[2]);
  await program.parseAsync();
} catch (error) {
  const code = (error as { code?: string }).code ?? '';
  if (code.startsWith('commander.')) process.exitCode = (error as { exitCode?: number }).exitCode === 0 ? ExitCode.fine : ExitCode.failed;
  else {
    complain(error);
    process.exitCode = ExitCode.failed;
  }
}
