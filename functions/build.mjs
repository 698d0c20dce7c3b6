// Builds every Lambda function into .build/ (or the folder given): one ES module with all it needs, zipped the same way every time.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';

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

/** 1980-01-01 00:00, the earliest time a zip can say: equal sources give equal zips, so an unchanged function is not deployed again. */
const DOS_TIME = 0;
const DOS_DATE = (1 << 5) | 1;

/** A zip of flat files, in the order given. @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.7, 4.3.12, 4.3.16 */
function zip(files) {
  const locals = [];
  const centrals = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const nameBytes = Buffer.from(name);
    const packed = deflateRawSync(bytes, { level: 9 });
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0); // version needed
    shared.writeUInt16LE(0x0800, 2); // names are UTF-8
    shared.writeUInt16LE(8, 4); // deflate
    shared.writeUInt16LE(DOS_TIME, 6);
    shared.writeUInt16LE(DOS_DATE, 8);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const central = Buffer.alloc(14);
    central.writeUInt32LE((0o100644 << 16) >>> 0, 6); // readable by everyone: Lambda runs as another user
    central.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, nameBytes, packed]);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), shared, central, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

rmSync(OUT, { recursive: true, force: true });
for (const name of functionNames) {
  const { outdir } = await bundle(name);
  const files = readdirSync(outdir)
    .sort()
    .map((file) => ({ name: file, bytes: readFileSync(join(outdir, file)) }));
  const archive = zip(files);
  writeFileSync(join(OUT, `${name}.zip`), archive);
  const inflated = files.reduce((total, file) => total + file.bytes.length, 0);
  console.log(
    `${relative('', join(OUT, name))}.zip  ${Math.round(archive.length / 1024)} KiB (${Math.round(inflated / 1024)} KiB unpacked)`,
  );
}
