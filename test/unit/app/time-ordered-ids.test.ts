// Ids that sort by time and leave their last byte to their orders.
import { describe, expect, it } from "vitest";
import { timeOf, timeOrderedIds } from "../../../src/app/time-ordered-ids.ts";

const fill = (bytes: Uint8Array): void => void bytes.fill(0xab);

describe("time-ordered ids", () => {
  it("are UUIDs of version 7 that end in 00 and tell their time", () => {
    const id = timeOrderedIds(() => 1_795_181_210_012, fill).next();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{10}00$/);
    expect(timeOf(id)).toBe(1_795_181_210_012);
  });

  it("ascend within a millisecond, past its end, and when the clock steps back", () => {
    let now = 1_000_000;
    const ids = timeOrderedIds(() => now, fill);
    const made = Array.from({ length: 10_000 }, () => ids.next());
    now -= 5_000;
    made.push(ids.next());
    expect(made).toEqual(made.toSorted());
    expect(new Set(made).size).toBe(made.length);
  });
});
