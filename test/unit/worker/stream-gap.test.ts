// A gap's past is read from where the account was last known, until the stream was whole for two readings.
import { describe, expect, it } from "vitest";
import { StreamGap } from "../../../src/worker/stream-gap.ts";

const read = (
  gap: StreamGap,
  lastKnownAt: number,
  isConnected = true,
  isSettled = true,
): number | null => {
  const { since, done } = gap.look(lastKnownAt, isConnected);
  done(isSettled);
  return since;
};

describe("a gap in the stream", () => {
  it("is open at the start, and closed by two readings", () => {
    const gap = new StreamGap();
    expect([read(gap, 100), read(gap, 200), read(gap, 300)]).toEqual([100, 100, null]);
  });

  it("stays open while the stream is away, from where it began", () => {
    const gap = new StreamGap();
    for (const at of [100, 200, 300]) expect(read(gap, at, false)).toBe(100);
    gap.open();
    expect([read(gap, 400), read(gap, 500), read(gap, 600)]).toEqual([100, 100, null]);
  });

  it("that opens again begins where the account was known then", () => {
    const gap = new StreamGap();
    for (const at of [100, 200]) read(gap, at);
    gap.open();
    expect(read(gap, 900)).toBe(900);
  });

  it("is not closed by a reading during which the stream broke", () => {
    const gap = new StreamGap();
    const first = gap.look(100, true);
    gap.open();
    first.done(true);
    expect([read(gap, 200), read(gap, 300), read(gap, 400)]).toEqual([100, 100, null]);
  });

  it("is closed by no reading that found what is still to be told, if that is settled in the end", () => {
    const gap = new StreamGap();
    for (const at of [100, 200, 300, 400]) expect(read(gap, at, true, false)).toBe(100);
    expect([read(gap, 500), read(gap, 600)]).toEqual([100, null]);
    gap.open();
    expect([read(gap, 700, true, false), read(gap, 800), read(gap, 900)]).toEqual([700, 700, null]);
  });

  it("is not read for ever for what nothing settles", () => {
    const gap = new StreamGap();
    const readings = Array.from({ length: 20 }, (_, at) => read(gap, at, true, false));
    expect(readings.filter((since) => since !== null)).toHaveLength(12);
    gap.open();
    for (const at of [100, 200, 300, 400]) expect(read(gap, at, true, false)).toBe(100);
  });

  it("is not closed by a reading that failed", () => {
    const gap = new StreamGap();
    for (const at of [100, 200, 300]) expect(gap.look(at, true).since).toBe(100);
  });
});
