// Builds every Lambda function into .build/ (or the folder given): one ES module with all it needs, zipped the same way every time.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { zip } from './zip.ts';

const ROOT = join(import.meta.dirname, '..');
const FUNCTIONS = join(ROOT, 'functions');
const OUT = resolve(process.argv[2] ?? join(ROOT, '.build'));

/** A module of functions/ is a function when it exports `main`. */
const functionNames = readdirSync(FUNCTIONS)
  .filter((file) => file.endsWith('.ts') && /^export const main\b/m.test(readFileSync(join(FUNCTIONS, file), 'utf8')))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

/** Dependencies in CommonJS ask for node's modules by `require`, which an ES module has not. */
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };

/** Gives the folder that the function's modules were written to. */
async function bundle(name: string): Promise<string> {
  const outdir = join(OUT, name);
  await build({
    entryPoints: { index: join(FUNCTIONS, `${name}.ts`) },
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
    logLevel: 'warning',
  });
  return outdir;
}

const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;

rmSync(OUT, { recursive: true, force: true });
for (const name of functionNames) {
  const folder = await bundle(name);
  const names = readdirSync(folder).sort();
  const files = Object.fromEntries(names.map((file) => [file, new Uint8Array(readFileSync(join(folder, file)))]));
  const archive = zip(files);
  writeFileSync(join(OUT, `${name}.zip`), archive);
  const unpacked = Object.values(files).reduce((total, bytes) => total + bytes.length, 0);
  console.log(`${relative('', join(OUT, name))}.zip  ${kib(archive.length)} (${kib(unpacked)} unpacked)`);
}
