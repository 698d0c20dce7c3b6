// Writes local/escapewasm.ts, which is local/escape.wat as WebAssembly: npm run wasm
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openWabt from 'wabt';

const LOCAL = join(import.meta.dirname, '../local');

/** The TypeScript file that holds what the source of a module comes to. */
export async function moduleFile(): Promise<string> {
  const wabt = await openWabt();
  const source = wabt.parseWat('escape.wat', readFileSync(join(LOCAL, 'escape.wat'), 'utf8'), { simd: true });
  const base64 = Buffer.from(source.toBinary({}).buffer).toString('base64');
  const lines = base64.match(/.{1,120}/g)!.map((line) => `  '${line}',`);
  return [
    '// Made from escape.wat by `npm run wasm`.',
    '/** The module, in base64. */',
    'export const ESCAPE_MODULE = [',
    ...lines,
    "].join('');",
    '',
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(LOCAL, 'escapewasm.ts'), await moduleFile());
