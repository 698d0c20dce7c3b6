// Keeps one of each list of whole numbers, found by hash: lists of thousands would be too large as keys of a Map.

type Numbers = ArrayLike<number>;

/** Values by the list of numbers they belong to. */
export class Interned<T> {
  private readonly buckets = new Map<number, { list: Numbers; value: T }[]>();
  size = 0;

  /** The value of a list, made by `make` when the list is new. The list is kept: it must not change. */
  of(list: Numbers, make: () => T): T {
    const hash = hashOf(list);
    const bucket = this.buckets.get(hash) ?? [];
    const known = bucket.find((each) => equal(each.list, list));
    if (known !== undefined) return known.value;
    const value = make();
    bucket.push({ list, value });
    this.buckets.set(hash, bucket);
    this.size++;
    return value;
  }

  clear(): void {
    this.buckets.clear();
    this.size = 0;
  }
}

/** FNV-1a over 32-bit words. */
function hashOf(list: Numbers): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < list.length; index++) hash = Math.imul(hash ^ list[index]!, 0x01000193) ^ (hash >>> 15);
  return hash;
}

function equal(left: Numbers, right: Numbers): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}
