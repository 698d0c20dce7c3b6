// Turns test files into plain JavaScript, all at once: a test process that needs no compiler starts in a tenth of a second.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
/** Below `node_modules`, so that packages are found from there, and git and npm leave it alone. */
const CACHE = join(ROOT, 'node_modules/.cache');

/** What a file says of its own place stays true, wherever its code goes. */
const inPlace: Plugin = {
  name: 'in-place',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    })),
};

/** Bundles test files into a folder that is gone when this process ends. @returns for each bundle the file it was made from */
export async function bundle(files: string[]): Promise<Map<string, string>> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'tests-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  await build({
    entryPoints: files,
    outdir: folder,
    outbase: ROOT,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [inPlace],
  });
  return new Map(files.map((file) => [join(folder, relative(ROOT, file).replace(/\.ts$/, '.mjs')), file]));
}
