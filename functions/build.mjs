// Builds every Lambda function into .build/ (or the folder given): one ES module with all it needs, zipped the same way every time.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { zip } from '../serverless/zip.mjs';

const ROOT = join(import.meta.dirname, '..');
const OUT = resolve(process.argv[2] ?? join(ROOT, '.build'));

/** A module of functions/ is a function when it exports `main`. */
const functionNames = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && /^export const main\b/m.test(readFileSync(join(import.meta.dirname, file), 'utf8')))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

/** Dependencies in CommonJS ask for node's modules by `require`, which an ES module has not. */
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };

async function bundle(name) {
  const outdir = join(OUT, name);
  const result = await build({
    entryPoints: { index: join(import.meta.dirname, `${name}.ts`) },
    outdir,
    outExtension: { '.js': '.mjs' },
    absWorkingDir: ROOT,
    banner,
    bundle: true,
    splitting: true,
    chunkNames: '[name]-[hash]',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    platform: 'node',
    format: 'esm',
    target: 'node22',
    mainFields: ['module', 'main'],
    metafile: true,
    logLevel: 'warning',
  });
  return { outdir, metafile: result.metafile };
}

/** What packaging reads and checks rules with: the function's own reader, and the one for files of this machine. */
const RULES_READER = `export { checkRules } from './functions/rules.ts'; export { readRuleFiles } from './local/rulefiles.ts';`;

const buildRulesReader = () =>
  build({
    stdin: { contents: RULES_READER, resolveDir: ROOT, sourcefile: 'rules.mjs' },
    outfile: join(OUT, 'rules.mjs'),
    banner,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });

rmSync(OUT, { recursive: true, force: true });
await buildRulesReader();
for (const name of functionNames) {
  const { outdir } = await bundle(name);
  const names = readdirSync(outdir).sort();
  const files = Object.fromEntries(names.map((file) => [file, readFileSync(join(outdir, file))]));
  const archive = zip(files);
  writeFileSync(join(OUT, `${name}.zip`), archive);
  const inflated = Object.values(files).reduce((total, bytes) => total + bytes.length, 0);
  console.log(
    `${relative('', join(OUT, name))}.zip  ${Math.round(archive.length / 1024)} KiB (${Math.round(inflated / 1024)} KiB unpacked)`,
  );
}
