// The small parts: clocks, ids, amounts, instants, bars.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAmount } from "../../../src/exchange/alpaca/amounts.ts";
import {
  activityStamp,
  disguise,
  FEE_MASK,
  FILL_MASK,
} from "../../../src/exchange/alpaca/activity-id.ts";
import { ULID, ulid } from "../../../src/exchange/alpaca/event-id.ts";
import { parseInstant } from "../../../src/exchange/alpaca/instants.ts";
import { timestamp } from "../../../src/exchange/alpaca/json/time.ts";
import { AdjustableClock, ManualClock } from "../../../src/exchange/clock.ts";
import { barStart, nextBar, parseTimeframe } from "../../../src/exchange/market/timeframe.ts";
import { newYorkInstant, newYorkTimestamp } from "../../../src/exchange/new-york.ts";
import { IdSource, randomStream } from "../../../src/exchange/random.ts";

describe("a clock that can be moved", () => {
  test("timers fire in order of time, and see the time they were set for", () => {
    const clock = new ManualClock(1_000);
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name} at ${clock.now()}`);
    clock.after(30, note("third"));
    clock.after(10, note("first"));
    clock.after(10, note("second"));
    clock.after(20, () => clock.after(5, note("nested")));
    clock.advance(100);
    expect(seen).toEqual(["first at 1010", "second at 1010", "nested at 1025", "third at 1030"]);
    expect(clock.now()).toBe(1_100);
  });

  test("a timer that was called off does not fire", () => {
    const clock = new ManualClock(0);
    let fired = false;
    clock.after(10, () => (fired = true))();
    clock.advance(20);
    expect(fired).toBe(false);
  });

  test("a jump leaves waiting timers their delay", () => {
    const base = new ManualClock(0);
    const clock = new AdjustableClock(base);
    let at = -1;
    clock.after(50, () => (at = clock.now()));
    clock.jumpTo(10_000);
    expect(at).toBe(-1);
    base.advance(50);
    expect(at).toBe(10_050);
  });
});

describe("ids", () => {
  test("none is given twice, before or after a restart", () => {
    const first = new IdSource("seed");
    const ids = Array.from({ length: 50_000 }, () => first.next());
    const second = new IdSource("seed");
    second.skipTo(first.counter);
    for (let count = 0; count < 50_000; count += 1) ids.push(second.next());
    expect(new Set(ids).size).toBe(100_000);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("a disguised id leads back to the first, and differs from it", () => {
    const ids = new IdSource("disguise");
    for (let count = 0; count < 100; count += 1) {
      const id = ids.next();
      const [fill, fee] = [disguise(id, FILL_MASK), disguise(id, FEE_MASK)];
      expect([disguise(fill, FILL_MASK), disguise(fee, FEE_MASK)]).toEqual([id, id]);
      expect(new Set([id, fill, fee]).size).toBe(3);
      for (const other of [fill, fee]) {
        expect(other).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }
    }
  });

  test("an activity's id begins with New York's wall clock, in 24 hours", () => {
    const at = Date.parse("2021-06-02T20:30:16.824Z") * 1000;
    expect(activityStamp(at)).toBe("20210602163016824");
  });

  test("event ids sort as their events happened", () => {
    const start = Date.parse("2026-07-06T13:30:00Z") * 1000;
    const ids = [0, 1, 2, 999, 1_000, 60_000_000].map((after) => ulid(start + after));
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every((id) => ULID.test(id))).toBe(true);
  });

  test("two streams of one seed do not resemble each other", () => {
    const draw = (label: string) => {
      const random = randomStream("seed", label);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });
});

describe("amounts on the wire", () => {
  test.each([
    ["1.50", "1.5"],
    [0.1, "0.1"],
    ["1e-7", "0.0000001"],
    ["12e2", "1200"],
    [".5", "0.5"],
    ["007", "7"],
    ["-3", "-3"],
    ["+2", "2"],
    ["1.", "1"],
  ])("%s is %s", (given, text) => expect(parseAmount(given)?.toString()).toBe(text));

  test.each([
    "",
    " ",
    "abc",
    "1,5",
    "1e99",
    "0x1",
    "--1",
    ".",
    "e5",
    null,
    undefined,
    {},
    [],
    true,
    Number.NaN,
    Infinity,
  ])("%s is none", (given) => expect(parseAmount(given)).toBeNull());

  test("every number that JSON can write is read exactly", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const parsed = parseAmount(value);
        if (parsed !== null) expect(Number(parsed.toString())).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe("instants", () => {
  test("fractions lose their trailing zeros, and nothing else", () => {
    const second = Date.parse("2021-07-08T14:50:45Z") * 1000;
    expect(timestamp(second)).toBe("2021-07-08T14:50:45Z");
    expect(timestamp(second + 372_900)).toBe("2021-07-08T14:50:45.3729Z");
    expect(timestamp(second + 1)).toBe("2021-07-08T14:50:45.000001Z");
  });

  test.each([
    ["2021-07-08T14:50:45.335034Z", 335_034],
    ["2021-07-08T10:50:45.335034999-04:00", 335_034],
    ["2021-07-08T10:50:45.335034 04:00", null],
    ["2021-07-08 14:50:45Z", 0],
    ["2021-13-08T14:50:45Z", null],
    ["noon", null],
  ])("%s", (text, micros) => {
    const base = Date.parse("2021-07-08T14:50:45Z") * 1000;
    const expected = text.includes(" 04:00")
      ? Date.parse("2021-07-08T06:50:45Z") * 1000 + 335_034
      : base + (micros ?? 0);
    const parsed = parseInstant(text);
    if (micros === null && !text.includes(" 04:00")) expect(parsed).toBeNull();
    else expect(parsed).toBe(expected);
  });

  test("New York keeps its offset through the changes of clocks", () => {
    expect(newYorkTimestamp(newYorkInstant("2026-03-08", 9 * 60))).toBe(
      "2026-03-08T09:00:00-04:00",
    );
    expect(newYorkTimestamp(newYorkInstant("2026-03-07", 9 * 60))).toBe(
      "2026-03-07T09:00:00-05:00",
    );
    expect(newYorkTimestamp(newYorkInstant("2026-11-01", 0))).toBe("2026-11-01T00:00:00-04:00");
    expect(newYorkTimestamp(newYorkInstant("2026-11-01", 24 * 60))).toBe(
      "2026-11-02T00:00:00-05:00",
    );
  });
});

describe("timeframes", () => {
  test.each([
    "1Min",
    "59T",
    "1Hour",
    "23H",
    "1Day",
    "1D",
    "1Week",
    "1W",
    "1Month",
    "3M",
    "12Month",
  ])("%s", (text) => {
    const timeframe = parseTimeframe(text);
    if (timeframe === null) throw new Error("not read");
    let start = barStart(timeframe, Date.parse("2026-02-27T15:00:00Z"));
    for (let count = 0; count < 40; count += 1) {
      const next = nextBar(timeframe, start);
      expect(next).toBeGreaterThan(start);
      expect(barStart(timeframe, next)).toBe(next);
      expect(barStart(timeframe, next - 1)).toBe(start);
      start = next;
    }
  });

  test.each(["", "60Min", "24Hour", "2Day", "5Month", "1Year", "Min"])("%s is none", (text) => {
    expect(parseTimeframe(text)).toBeNull();
  });
});
