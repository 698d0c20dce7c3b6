// A zip archive of small files, stored without compression: enough for the functions that tests upload.
import { crc32 } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_HEADER = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
const VERSION = 20;

/** Gives a zip archive of the files by name. */
export function zipOf(files: Record<string, string>): Uint8Array {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const fields = fieldsOf(name, text);
    const body = Buffer.concat([header(LOCAL_HEADER, 30, fields), Buffer.from(name), Buffer.from(text)]);
    directory.push(directoryEntry(name, fields, offset));
    bodies.push(body);
    offset += body.length;
  }
  return Buffer.concat([...bodies, ...directory, directoryEnd(directory, offset)]);
}

interface Fields {
  checksum: number;
  size: number;
  nameLength: number;
}

function fieldsOf(name: string, text: string): Fields {
  return { checksum: crc32(text), size: Buffer.byteLength(text), nameLength: Buffer.byteLength(name) };
}

/** The part that both headers share begins after the signature, two bytes later in the directory's. */
function header(signature: number, length: number, { checksum, size, nameLength }: Fields): Buffer {
  const bytes = Buffer.alloc(length);
  const shared = signature === LOCAL_HEADER ? 4 : 6;
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt16LE(VERSION, 4);
  bytes.writeUInt16LE(VERSION, shared);
  bytes.writeUInt32LE(checksum, shared + 10);
  bytes.writeUInt32LE(size, shared + 14);
  bytes.writeUInt32LE(size, shared + 18);
  bytes.writeUInt16LE(nameLength, shared + 22);
  return bytes;
}

function directoryEntry(name: string, fields: Fields, offset: number): Buffer {
  const bytes = header(DIRECTORY_HEADER, 46, fields);
  // A regular file that everyone may read, in the upper half where Unix keeps its mode.
  bytes.writeUInt32LE(0o100644 * 0x10000, 38);
  bytes.writeUInt32LE(offset, 42);
  return Buffer.concat([bytes, Buffer.from(name)]);
}

function directoryEnd(directory: Buffer[], offset: number): Buffer {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt32LE(DIRECTORY_END, 0);
  bytes.writeUInt16LE(directory.length, 8);
  bytes.writeUInt16LE(directory.length, 10);
  bytes.writeUInt32LE(Buffer.concat(directory).length, 12);
  bytes.writeUInt32LE(offset, 16);
  return bytes;
}
