// The edges of what calendars know: first and last days, rows that are only expected, texts from outside.
import { describe, expect, it } from "vitest";
import { dayOf, phaseAt } from "../../../src/domain/calendar/calendar.ts";
import type { CalendarOverride } from "../../../src/domain/calendar/calendar.ts";
import {
  dayNumber,
  minuteOf,
  parseClockTime,
  parseIsoDate,
} from "../../../src/domain/calendar/date.ts";
import { confirmedThrough, overrideProblem } from "../../../src/domain/calendar/override.ts";
import { at, utc } from "./at.ts";

const confirm = (through: string, venue = "XKRX"): CalendarOverride =>
  ({ kind: "confirm", venue, through, reason: "compared" }) as CalendarOverride; // test venues exist

describe("what is known", () => {
  it.each([
    ["XNYS", "2017-12-31", false],
    ["XNYS", "2018-01-01", true],
    ["XNYS", "2028-12-31", true],
    ["XNYS", "2029-01-01", false],
    ["XKRX", "2026-12-31", true],
    ["XKRX", "2027-01-01", false],
    ["HOSE", "2026-11-23", true],
    ["HOSE", "2026-11-24", false],
    ["HOSE", "2026-11-25", true],
  ] as const)("of %s on %s: %s", (venue, date, known) => {
    expect(dayOf(venue, date).known).toBe(known);
  });

  it("reaches to the day that a person has compared, included", () => {
    const rows = [confirm("2027-01-05"), confirm("2027-01-03"), confirm("2027-12-31", "HOSE")];
    expect(confirmedThrough(rows, "XKRX")).toBe(dayNumber("2027-01-05"));
    expect(dayOf("XKRX", "2027-01-05", rows).known).toBe(true);
    expect(dayOf("XKRX", "2027-01-06", rows).known).toBe(false);
    expect(confirmedThrough(rows, "XNYS")).toBeNull();
  });

  it("is found among rows that say something else", () => {
    const close = { kind: "close", venue: "XKRX", date: "2027-03-02", reason: "test" } as const;
    const rows = [close, confirm("2027-01-05"), { ...close, date: "2027-03-03" } as const];
    expect(confirmedThrough(rows, "XKRX")).toBe(dayNumber("2027-01-05"));
  });

  it("begins on the first day that the tables hold", () => {
    expect(dayOf("CRYPTO", "1970-01-01").session?.status).toBe("observed");
    expect(dayOf("CRYPTO", "1969-12-31").session?.status).toBe("projected");
  });

  it("does not reach behind the tables, whoever confirms", () => {
    expect(dayOf("XKRX", "2017-12-28", [confirm("2027-01-05")]).known).toBe(false);
  });
});

describe("an answer", () => {
  it("names its session in every phase of it, and none while closed", () => {
    expect(phaseAt("XNYS", at("2026-06-15T09:00Z")).session).toBe("2026-06-15");
    expect(phaseAt("XNYS", at("2026-06-15T15:00Z")).session).toBe("2026-06-15");
    expect(phaseAt("XNYS", at("2026-06-15T05:00Z"))).toMatchObject({
      phase: "closed",
      session: null,
    });
    expect(phaseAt("XNYS", at("2026-06-14T15:00Z")).session).toBeNull();
  });

  it.each([
    ["an auction ends where trading begins, though both take the same", "HOSE", "02:05", "02:15"],
    ["trading ends where the closing auction begins", "HOSE", "07:00", "07:30"],
    ["Korea's early hour ends where it takes other orders", "XKRX", "2019-04-25T22:45", "23:00"],
    ["a late session ends at the night's closure", "XNYS", "21:00", "2026-06-16T00:00"],
  ] as const)("%s", (_what, venue, now, until) => {
    const day = now.length > 5 ? now.slice(0, 10) : "2026-06-15";
    const full = (time: string): string => (time.length > 5 ? `${time}Z` : `${day}T${time}Z`);
    expect(utc(phaseAt(venue, at(full(now))).until)).toBe(full(until));
  });

  it("a day without a session is one closed stretch that takes nothing", () => {
    expect(dayOf("XNYS", "2026-06-14").spans).toEqual([
      {
        phase: "closed",
        from: at("2026-06-14T04:00Z"),
        to: at("2026-06-15T04:00Z"),
        takes: "none",
      },
    ]);
  });

  it("says which orders are taken", () => {
    const taken = (venue: "XNYS" | "HOSE", instant: string) => phaseAt(venue, at(instant)).tradable;
    expect(taken("HOSE", "2026-06-15T02:05Z")).toEqual({ regular: true, extended: false });
    expect(taken("HOSE", "2026-06-15T05:00Z")).toEqual({ regular: false, extended: false });
    expect(taken("XNYS", "2026-06-15T09:00Z")).toEqual({ regular: false, extended: true });
    expect(taken("XNYS", "2026-06-15T15:00Z").regular).toBe(true);
    expect(taken("XNYS", "2026-06-14T15:00Z")).toEqual({ regular: false, extended: false });
  });
});

describe("texts from outside", () => {
  it.each([
    "2026-1-2",
    "x2026-01-02",
    "2026-01-02x",
    "2026-02-30",
    "2026-13-01",
    "+012026-01",
    "",
    "soon",
  ])("%s is no date", (text) => {
    expect(parseIsoDate(text)).toBeNull();
  });

  it.each(["9:30", "x09:30", "09:30x", "09:60", "24:01", "", "noon"])("%s is no time", (text) => {
    expect(parseClockTime(text)).toBeNull();
  });

  it("the first and the last minute of a day are times", () => {
    expect(parseIsoDate("2028-02-29")).toBe("2028-02-29");
    expect(parseClockTime("00:00")).toBe(0);
    expect(parseClockTime("24:00")).toBe(1440);
    expect(() => minuteOf("9:30" as never)).toThrow("9:30 is not a time of day");
  });

  it.each(["open", "close"] as const)("a row with no time as its %s is refused", (field) => {
    const hours = { open: "09:00", close: "12:00", [field]: "9 am" };
    const row = { kind: "hours", venue: "XNYS", date: "2026-06-15", reason: "test", ...hours };
    expect(overrideProblem(row as CalendarOverride)).toBe("9 am is not a time of day");
  });

  it("a row without a date is refused, whatever its kind", () => {
    expect(overrideProblem(confirm("later"))).toContain("later");
    expect(overrideProblem(confirm("2027-01-05"))).toBeNull();
    const row = { kind: "close", venue: "XNYS", date: "later", reason: "test" };
    expect(overrideProblem(row as CalendarOverride)).toContain("later");
  });
});
