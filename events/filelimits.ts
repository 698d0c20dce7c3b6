// How large a log file, and what is in it, may be.

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** CloudTrail's own largest file, in MB as stored. Source: CloudTrail user guide, "Quotas in AWS CloudTrail" (read 2026-11-22). */
export const MOST_DELIVERED_MB = 50;

/** Largest file that is read from a bucket, as stored: twice what CloudTrail delivers. */
export const MAX_STORED_IN_BUCKET_BYTES = 100 * MIB;

/** Largest file that is read on this machine, as stored. */
export const MAX_STORED_ON_DISK_BYTES = GIB;

/** Largest that a file may become when it is inflated. */
export const MAX_INFLATED_BYTES = GIB;

/** A single value in a file that is larger can't be a record. */
export const MAX_VALUE_BYTES = 64 * MIB;

/** `100 MiB`, `1 GiB`; of whole ones. */
export const inWords = (bytes: number): string => (bytes % GIB === 0 ? `${bytes / GIB} GiB` : `${bytes / MIB} MiB`);
