// What an operator sets counts before every table, for that venue and day alone.
import { describe, expect, it } from "vitest";
import {
  dayOf,
  nextOpen,
  phaseAt,
  sessionsBetween,
} from "../../../src/domain/calendar/calendar.ts";
import type { CalendarOverride } from "../../../src/domain/calendar/calendar.ts";
import { overrideFrom, overrideProblem } from "../../../src/domain/calendar/override.ts";
import { at, phases, utc } from "./at.ts";

const reason = "announced this morning";
const closeXnys: CalendarOverride = { kind: "close", venue: "XNYS", date: "2026-06-15", reason };

describe("a closure", () => {
  it("closes the day and says why", () => {
    expect(dayOf("XNYS", "2026-06-15", [closeXnys])).toMatchObject({
      session: null,
      closedFor: reason,
      known: true,
    });
    expect(utc(nextOpen("XNYS", at("2026-06-15T10:00Z"), [closeXnys]))).toBe("2026-06-16T13:30Z");
  });

  it("leaves other venues, other days and other tables alone", () => {
    expect(dayOf("XKRX", "2026-06-15", [closeXnys]).session).not.toBeNull();
    expect(dayOf("XNYS", "2026-06-16", [closeXnys]).session).not.toBeNull();
    expect(phaseAt("XNYS", at("2026-06-15T15:00Z"), [closeXnys]).phase).toBe("closed");
    expect(phaseAt("XNYS", at("2026-06-15T15:00Z")).phase).toBe("continuous");
  });

  it("decreed for a day of 2027 is known", () => {
    const row: CalendarOverride = { kind: "close", venue: "XKRX", date: "2027-01-25", reason };
    expect(phaseAt("XKRX", at("2027-01-25T03:00Z"), [row])).toMatchObject({
      phase: "closed",
      known: true,
    });
  });
});

describe("changed hours", () => {
  it("move the auctions with the session and keep lunch", () => {
    const row: CalendarOverride = {
      kind: "hours",
      venue: "HOSE",
      date: "2026-06-15",
      open: "10:00",
      close: "14:15",
      reason,
    };
    expect(phases("HOSE", "2026-06-15", [row])).toEqual([
      "10:00-10:15 opening_auction regular",
      "10:15-11:30 continuous regular",
      "11:30-13:00 lunch none",
      "13:00-14:00 continuous regular",
      "14:00-14:15 closing_auction regular",
    ]);
    expect(dayOf("HOSE", "2026-06-15", [row]).session).toMatchObject({
      kind: "changed",
      status: "operator",
    });
  });

  it("that end before lunch have no lunch", () => {
    const row: CalendarOverride = {
      kind: "hours",
      venue: "HNX",
      date: "2026-06-15",
      open: "09:00",
      close: "11:30",
      reason,
    };
    expect(phases("HNX", "2026-06-15", [row])).toEqual([
      "09:00-11:15 continuous regular",
      "11:15-11:30 closing_auction regular",
      "11:30-11:45 post_close extended",
    ]);
  });

  it("that leave nothing between the auctions are refused, and a minute is something", () => {
    const row = (close: "10:30" | "10:31"): CalendarOverride => ({
      kind: "hours",
      venue: "HOSE",
      date: "2026-06-15",
      open: "10:00",
      close,
      reason,
    });
    expect(overrideProblem(row("10:30"))).toBe("10:00 to 10:30 leaves no session");
    expect(overrideProblem(row("10:31"))).toBeNull();
    expect(phases("HOSE", "2026-06-15", [row("10:31")])[1]).toBe("10:15-10:16 continuous regular");
  });

  it("never widen the outer edges of the day", () => {
    const row: CalendarOverride = {
      kind: "hours",
      venue: "XNYS",
      date: "2026-06-15",
      open: "03:00",
      close: "21:00",
      reason,
    };
    expect(phases("XNYS", "2026-06-15", [row])).toEqual(["03:00-21:00 continuous both"]);
  });

  it("open a day that the tables hold closed", () => {
    const row: CalendarOverride = {
      kind: "hours",
      venue: "HOSE",
      date: "2026-11-24",
      open: "09:00",
      close: "14:45",
      reason,
    };
    expect(phaseAt("HOSE", at("2026-11-24T03:00Z"), [row])).toMatchObject({
      phase: "continuous",
      known: true,
    });
    expect(sessionsBetween("HOSE", "2026-11-24", "2026-11-24", [row])).toHaveLength(1);
  });

  it("of the later of two rows count", () => {
    const hours: CalendarOverride = { ...closeXnys, kind: "hours", open: "09:30", close: "12:00" };
    expect(dayOf("XNYS", "2026-06-15", [closeXnys, hours]).session).not.toBeNull();
    expect(dayOf("XNYS", "2026-06-15", [hours, closeXnys]).session).toBeNull();
  });
});

describe("a confirmation", () => {
  it("makes known what an operator has checked, and no more", () => {
    const row: CalendarOverride = { kind: "confirm", venue: "XKRX", through: "2027-12-31", reason };
    expect(phaseAt("XKRX", at("2027-03-02T03:00Z"), [row]).known).toBe(true);
    expect(dayOf("XKRX", "2027-05-03", [row]).known).toBe(true);
    expect(phaseAt("XKRX", at("2028-01-03T03:00Z"), [row]).known).toBe(false);
    expect(phaseAt("HOSE", at("2027-03-02T03:00Z"), [row]).known).toBe(false);
    expect(phaseAt("XKRX", at("2017-03-02T03:00Z"), [row]).known).toBe(false);
  });

  it.each([
    ["XKRX", "2027-12-30T03:00Z", "2028-01-27T03:00Z"],
    ["HOSE", "2027-12-30T03:00Z", "2028-01-27T03:00Z"],
    ["XNYS", "2035-12-28T16:00Z", "2036-12-25T16:00Z"],
  ] as const)(
    "of %s with a year too far vouches for no day of which no closure is listed",
    (venue, last, beyond) => {
      const row: CalendarOverride = { kind: "confirm", venue, through: "2207-12-31", reason };
      expect(phaseAt(venue, at(last), [row]).known).toBe(true);
      expect(phaseAt(venue, at(beyond), [row]).known).toBe(false);
    },
  );

  it("does not take back what is published beyond it", () => {
    const row: CalendarOverride = { kind: "confirm", venue: "XNYS", through: "2026-12-31", reason };
    expect(phaseAt("XNYS", at("2027-03-02T15:00Z"), [row]).known).toBe(true);
  });
});

describe("a row that makes no sense is told apart", () => {
  const hours = (open: string, close: string): CalendarOverride =>
    // A row as it comes from outside, before anyone has looked at its times.
    ({ ...closeXnys, kind: "hours", open, close }) as CalendarOverride;

  it.each([
    [closeXnys, null],
    [hours("09:30", "13:00"), null],
    [hours("13:00", "09:30"), "13:00 to 09:30 leaves no session"],
    [hours("9:30", "13:00"), "9:30 is not a time of day"],
    [hours("09:30", "24:01"), "24:01 is not a time of day"],
    [{ ...closeXnys, date: "2026-02-30" }, "2026-02-30 is not a date"],
  ] as const)("%o: %s", (row, problem) => {
    expect(overrideProblem(row)).toBe(problem);
  });
});

describe("a row of the table", () => {
  const row = { venue: "XNYS", date: "2026-06-15", open: null, close: null, reason };

  it("closes, changes or confirms", () => {
    expect(overrideFrom({ ...row, kind: "close" })).toEqual(closeXnys);
    expect(overrideFrom({ ...row, kind: "hours", open: "10:00", close: "15:00" })).toEqual({
      kind: "hours",
      venue: "XNYS",
      date: "2026-06-15",
      open: "10:00",
      close: "15:00",
      reason,
    });
    expect(overrideFrom({ ...row, kind: "confirm" })).toEqual({
      kind: "confirm",
      venue: "XNYS",
      through: "2026-06-15",
      reason,
    });
  });

  it("with hours that make no sense closes the day and says why", () => {
    for (const hours of [
      { open: "15:00", close: "10:00" },
      { open: "25:00", close: "26:00" },
      { open: null, close: "10:00" },
      { open: "10:00", close: null },
    ]) {
      expect(overrideFrom({ ...row, kind: "hours", ...hours })).toMatchObject({
        kind: "close",
        date: "2026-06-15",
        reason: expect.stringMatching(/^its hours make no sense: ./),
      });
    }
  });

  it("that names no day of a venue, or nothing to do, is none", () => {
    expect(overrideFrom({ ...row, kind: "close", date: "2026-02-30" })).toBeNull();
    expect(overrideFrom({ ...row, kind: "close", venue: "XLON" })).toBeNull();
    expect(overrideFrom({ ...row, kind: "open" })).toBeNull();
  });
});
