// Builds dist/: the command (every file under cli/ that can be run), the pattern engine with its type declarations, and the pack of detections; schema/ beside it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const sourcesUnder = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name))
    : [];

const { metafile } = await build({
  metafile: true,
  entryPoints: [
    'cli/trailbus.ts',
    ...sourcesUnder('cli/commands'),
    ...readdirSync('checks')
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join('checks', name)),
    ...['events/pattern/index.ts'].filter(existsSync),
  ],
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

/** What a source file of ours exports, for the build itself. */
async function imported(source) {
  const outfile = join('node_modules/.cache', `${basename(source, '.ts')}.mjs`);
  await build({ entryPoints: [source], outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20' });
  return import(pathToFileURL(outfile).href);
}

// The pack of detections as the command reads it: without their tests, which only `rules test` reads from the files.
const { readDetections } = await imported('events/detect/index.ts');
const pack = readdirSync('detections')
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .flatMap((name) => readDetections(readFileSync(join('detections', name), 'utf8'), join('detections', name)));
const NO_TESTS = { lists: {}, matches: [], ignores: [] };
writeFileSync('dist/detections.json', JSON.stringify(pack.map((detection) => ({ ...detection, tests: NO_TESTS }))));

// The JSON Schemas that editors read, named in the first line of each file of the pack.
const { schemaFiles } = await imported('tools/jsonschema.ts');
mkdirSync('schema', { recursive: true });
for (const [name, text] of Object.entries(schemaFiles(pack))) writeFileSync(join('schema', name), text);

// What an earlier build left goes last: a command that is running meanwhile keeps its files.
const built = new Set(Object.keys(metafile.outputs));
for (const name of readdirSync('dist', { recursive: true }).filter((name) => name.endsWith('.js') && !built.has(join('dist', name))))
  rmSync(join('dist', name));
