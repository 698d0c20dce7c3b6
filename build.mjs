// Builds dist/: the command (every file under cli/ that can be run) and the pattern engine, with their type declarations.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const sourcesUnder = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name))
    : [];

const { metafile } = await build({
  metafile: true,
  entryPoints: ['cli/trailbus.ts', ...sourcesUnder('cli/commands'), ...['events/pattern/index.ts'].filter(existsSync)],
  outdir: 'dist',
  outbase: '.',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
if (existsSync('events/pattern/index.ts'))
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.pattern.json'], { stdio: 'inherit' });

// What an earlier build left goes last: a command that is running meanwhile keeps its files.
const built = new Set(Object.keys(metafile.outputs));
for (const name of readdirSync('dist', { recursive: true }).filter((name) => name.endsWith('.js') && !built.has(join('dist', name))))
  rmSync(join('dist', name));
