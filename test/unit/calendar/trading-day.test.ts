// An account's trading day, in its zone and from its roll, across the clock changes.
import { describe, expect, it } from "vitest";
import {
  tradingDay,
  tradingDayAt,
  tradingDayOf,
} from "../../../src/domain/calendar/trading-day.ts";
import { instantOf, isTimeZone, offsetAt } from "../../../src/domain/calendar/zone.ts";
import { dayNumber } from "../../../src/domain/calendar/date.ts";
import { at, utc } from "./at.ts";

const NEW_YORK = "America/New_York";

describe("a trading day", () => {
  it("in New York rolls at local midnight, summer and winter", () => {
    expect(tradingDay(NEW_YORK, "00:00", at("2026-07-01T03:59:59.999Z"))).toBe("2026-06-30");
    expect(tradingDay(NEW_YORK, "00:00", at("2026-07-01T04:00Z"))).toBe("2026-07-01");
    expect(tradingDay(NEW_YORK, "00:00", at("2026-12-01T04:59Z"))).toBe("2026-11-30");
    expect(tradingDay(NEW_YORK, "00:00", at("2026-12-01T05:00Z"))).toBe("2026-12-01");
  });

  it("is an hour shorter in March and an hour longer in November", () => {
    const length = (date: "2026-03-08" | "2026-11-01" | "2026-06-01"): number => {
      const { start, end } = tradingDayOf({ zone: NEW_YORK, roll: "00:00" }, date);
      return (end - start) / 3_600_000;
    };
    expect([length("2026-03-08"), length("2026-06-01"), length("2026-11-01")]).toEqual([
      23, 24, 25,
    ]);
  });

  it("that rolls at 17:00 is named after the date on which it starts", () => {
    const rule = { zone: NEW_YORK, roll: "17:00" } as const;
    expect(tradingDayAt(rule, at("2026-06-15T20:59Z")).date).toBe("2026-06-14");
    const day = tradingDayAt(rule, at("2026-06-15T21:00Z"));
    expect([day.date, utc(day.start), utc(day.end)]).toEqual([
      "2026-06-15",
      "2026-06-15T21:00Z",
      "2026-06-16T21:00Z",
    ]);
  });

  it("is found for an instant before the one that was asked last", () => {
    const rule = { zone: NEW_YORK, roll: "09:30" } as const;
    const asked = ["2026-06-16T14:00Z", "2026-06-15T14:00Z", "2026-06-17T14:00Z"] as const;
    expect(asked.map((instant) => tradingDayAt(rule, at(instant)).date)).toEqual([
      "2026-06-16",
      "2026-06-15",
      "2026-06-17",
    ]);
  });

  it("is each account's own: zones and rolls are not mixed up", () => {
    const now = at("2026-06-15T16:00Z");
    expect(tradingDay(NEW_YORK, "00:00", now)).toBe("2026-06-15");
    expect(tradingDay("Asia/Seoul", "00:00", now)).toBe("2026-06-16");
    expect(tradingDay("Asia/Seoul", "09:00", now)).toBe("2026-06-15");
  });

  it("in Seoul starts on the UTC day before", () => {
    expect(tradingDay("Asia/Seoul", "00:00", at("2026-06-14T15:00Z"))).toBe("2026-06-15");
  });

  it("whose midnight is skipped starts at the jump", () => {
    // Santiago jumps from 00:00 to 01:00 on 2026-09-06.
    const day = tradingDayOf({ zone: "America/Santiago", roll: "00:00" }, "2026-09-06");
    expect([utc(day.start), utc(day.end)]).toEqual(["2026-09-06T04:00Z", "2026-09-07T03:00Z"]);
  });

  it("whose midnight comes twice starts at the first", () => {
    // Havana goes back from 01:00 to 00:00 on 2026-11-01.
    const rule = { zone: "America/Havana", roll: "00:00" } as const;
    expect(utc(tradingDayOf(rule, "2026-11-01").start)).toBe("2026-11-01T04:00Z");
    expect(tradingDayAt(rule, at("2026-11-01T05:30Z")).date).toBe("2026-11-01");
    // Santiago goes back from 24:00 to 23:00 on 2026-04-04: the date is there again, the day is not.
    const santiago = { zone: "America/Santiago", roll: "23:30" } as const;
    expect(tradingDayAt(santiago, at("2026-04-05T03:10Z")).date).toBe("2026-04-04");
  });

  it("refuses a roll that is no time of day", () => {
    // A value as it could come from a table.
    expect(() => tradingDay(NEW_YORK, "25:00", 0)).toThrow(/25:00 is not a time/);
    expect(() => tradingDay(NEW_YORK, "24:00", 0)).toThrow(/24:00 is not a time/);
  });
});

describe("a time zone", () => {
  it("is known by its name or refused", () => {
    expect(isTimeZone(NEW_YORK)).toBe(true);
    expect(isTimeZone("Mars/Olympus")).toBe(false);
  });

  it("may change its offset by half an hour on the half hour", () => {
    // Lord Howe: from +11:00 to +10:30 at 2026-04-04T15:00Z.
    expect(offsetAt("Australia/Lord_Howe", at("2026-04-04T14:59:59.999Z")) / 60_000).toBe(660);
    expect(offsetAt("Australia/Lord_Howe", at("2026-04-04T15:00Z")) / 60_000).toBe(630);
  });

  it("gives a skipped time as the instant of the jump", () => {
    expect(utc(instantOf(NEW_YORK, dayNumber("2026-03-08"), 150))).toBe("2026-03-08T07:00Z");
    expect(utc(instantOf(NEW_YORK, dayNumber("2026-03-08"), 180))).toBe("2026-03-08T07:00Z");
    expect(utc(instantOf(NEW_YORK, dayNumber("2026-03-08"), 119))).toBe("2026-03-08T06:59Z");
  });
});
