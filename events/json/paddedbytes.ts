// Inflated bytes as the scanner wants them.

/** How many zeros stand after a window's bytes: a whole word may be read from any of them. */
export const SPARE_BYTES = 4;

/** Bytes up to `end`. Invariant: `SPARE_BYTES` zeros follow, which no rule of JSON accepts, so that a scan needs no bound check. */
export interface Window {
  bytes: Uint8Array;
  /** The same bytes, to be read four at a time. */
  words: DataView;
  end: number;
}

/** Makes a window of bytes that have room to spare after `end`, and puts the zeros there. */
export function toWindow(bytes: Uint8Array, end: number): Window {
  bytes.fill(0, end, end + SPARE_BYTES);
  return { bytes, words: new DataView(bytes.buffer, bytes.byteOffset, end + SPARE_BYTES), end };
}

/** Copies bytes into a window of their own. */
export function copyToWindow(bytes: Uint8Array): Window {
  const copy = new Uint8Array(bytes.length + SPARE_BYTES);
  copy.set(bytes);
  return toWindow(copy, bytes.length);
}
