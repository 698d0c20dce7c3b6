// The floor in Node: gunzip into a buffer of the right size, cut records by counting braces, escape them into entries. Checks nothing.
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const FIELDS = /"eventSource":"([^"]*)"|"eventTime":"([^"]*)"/g;

function* slices(bytes) {
  let depth = 0;
  let start = 0;
  for (let i = bytes.indexOf(0x5b) + 1; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === 0x22) {
      for (i++; bytes[i] !== 0x22; i++) if (bytes[i] === 0x5c) i++;
    } else if (byte === 0x7b) {
      if (depth++ === 0) start = i;
    } else if (byte === 0x7d) {
      if (--depth === 0) yield bytes.utf8Slice(start, i + 1);
    } else if (byte === 0x5d && depth === 0) return;
  }
}

function toLine(text) {
  let source = '';
  let time = '';
  FIELDS.lastIndex = 0;
  for (let found = 0; found < 2; found++) {
    const match = FIELDS.exec(text);
    if (match === null) break;
    if (match[1] !== undefined) source = match[1];
    else time = match[2];
  }
  return `{"Time":"${time}","Source":"${source}","DetailType":"AWS API Call via CloudTrail","Detail":${JSON.stringify(text)}}`;
}

const folder = process.argv[2];
for (const name of readdirSync(folder, { recursive: true })) {
  if (!name.endsWith('.json.gz')) continue;
  const stored = readFileSync(join(folder, name));
  const bytes = gunzipSync(stored, { chunkSize: Math.max(64, stored.readUInt32LE(stored.length - 4) + 64) });
  const lines = Array.from(slices(bytes), toLine);
  const out = Buffer.from(`${lines.join('\n')}\n`);
  for (let at = 0; at < out.length; ) at += writeSync(1, out, at);
}
