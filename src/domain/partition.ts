// Which partition an account belongs to: the same answer on every machine, for ever. Changing this
// function moves accounts away from their acceptance numbers and logs, so it never changes.
import type { AccountId } from "./ids.ts";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a, 32 bits, over the UTF-16 code units; account ids are plain ASCII at every edge. */
export function fnv1a(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  return hash >>> 0;
}

export function partitionOf(accountId: AccountId, partitions: number): number {
  if (!Number.isSafeInteger(partitions) || partitions < 1) {
    throw new RangeError(`not a number of partitions: ${partitions}`);
  }
  return fnv1a(accountId) % partitions;
}
