// A function's code as Lambda takes it: a zip that is the same for the same files, so that an unchanged function is not deployed again.
import { zipSync } from 'fflate';

/** The earliest time a zip can say, in the local time that fflate writes. */
const EPOCH = new Date(1980, 0, 1);
const UNIX = 3;
/** A regular file that everyone may read, in the upper half where Unix keeps its mode: Lambda runs as another user. */
const READABLE = (0o100644 << 16) >>> 0;

/** Gives a zip of the files, by name, in their order. */
export const zip = (files: Record<string, Uint8Array>): Uint8Array => zipSync(files, { level: 9, mtime: EPOCH, os: UNIX, attrs: READABLE });
