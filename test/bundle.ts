// Turns test files into plain JavaScript, all at once: a test process that needs no compiler starts in a tenth of a second.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
/** Below `node_modules`, so that packages are found from there, and git and npm leave it alone. */
const CACHE = join(ROOT, 'node_modules/.cache');

/** A folder for bundles that is gone when this process ends. */
export function bundleFolder(): string {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'tests-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return folder;
}

/** What a file says of its own place stays true, wherever its code goes. `instead` has other texts for some files, by their paths. */
const inPlace = (instead: ReadonlyMap<string, string>): Plugin => ({
  name: 'in-place',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: (instead.get(path) ?? readFileSync(path, 'utf8'))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    })),
});

export interface Bundles {
  /** For each bundle the test file it was made from. */
  sources: Map<string, string>;
  metafile: Metafile;
}

/** Bundles test files into a folder. */
export async function bundle(files: string[], folder = bundleFolder(), instead: ReadonlyMap<string, string> = new Map()): Promise<Bundles> {
  const { metafile } = await build({
    entryPoints: files,
    outdir: folder,
    outbase: ROOT,
    absWorkingDir: ROOT,
    metafile: true,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [inPlace(instead)],
  });
  const bundleOf = (file: string) => join(folder, relative(ROOT, file).replace(/\.ts$/, '.mjs'));
  return { sources: new Map(files.map((file) => [bundleOf(file), file])), metafile };
}
