// Ids of signals and commands: UUIDs of version 7 whose last byte is zero, so that their orders can
// take it. Ids of one process ascend also within a millisecond: listing by id is listing by time.
import type { IdSource } from "../ports/clock.ts";

/** `random` fills an array with random bytes; `now` is in milliseconds since 1970. */
export function timeOrderedIds(now: () => number, random: (bytes: Uint8Array) => void): IdSource {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  let last = 0;
  let counter = 0;
  return {
    next(): string {
      if (used + RANDOM_BYTES > POOL_BYTES) {
        random(pool);
        used = 0;
      }
      const at = now();
      // A clock that steps back must not make an id that sorts before one already given.
      if (at > last) [last, counter] = [at, 0];
      else if (counter < MAX_COUNTER) counter += 1;
      else [last, counter] = [last + 1, 0];
      const time = last.toString(16).padStart(12, "0");
      const tail = hex(pool, used);
      used += RANDOM_BYTES;
      const variant = "89ab"[(counter ^ (pool[used - 1] ?? 0)) & 3] ?? "8";
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${variant}${tail.slice(0, 3)}-${tail.slice(3, 13)}00`;
    },
  };
}

const RANDOM_BYTES = 7;
/** Asking the kernel for each id costs more than the id itself. */
const POOL_BYTES = RANDOM_BYTES * 512;
const MAX_COUNTER = 0xfff;

function hex(pool: Uint8Array, from: number): string {
  let text = "";
  for (let index = from; index < from + RANDOM_BYTES; index += 1) {
    text += (pool[index] ?? 0).toString(16).padStart(2, "0");
  }
  return text;
}

/** When the id was made, in milliseconds since 1970. */
export function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
