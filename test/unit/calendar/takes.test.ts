// When a venue takes an order next: now, at the open, before it, or after the session for the next auction.
import { describe, expect, it } from "vitest";
import type { CalendarOverrides } from "../../../src/domain/calendar/calendar.ts";
import { addDays } from "../../../src/domain/calendar/date.ts";
import { takesFrom } from "../../../src/domain/calendar/takes.ts";
import type { Venue } from "../../../src/domain/instrument.ts";
import type { OrderTerms } from "../../../src/domain/order/spec.ts";
import { at, utc } from "./at.ts";

type Terms = Pick<OrderTerms, "timeInForce" | "extendedHours">;
const DAY: Terms = { timeInForce: "day", extendedHours: false };
const EXTENDED: Terms = { timeInForce: "day", extendedHours: true };
const CLS: Terms = { timeInForce: "cls", extendedHours: false };
const OPG: Terms = { timeInForce: "opg", extendedHours: false };

function taken(venue: Venue, terms: Terms, now: string, calendar: CalendarOverrides = []) {
  return utc(takesFrom(venue, terms, { now: at(now), calendar }));
}

describe("in New York", () => {
  it.each([
    [
      "on a Sunday a day order waits for Monday's open",
      DAY,
      "2026-06-14T15:00Z",
      "2026-06-15T13:30Z",
    ],
    [
      "on a Sunday an extended one waits for the pre-market",
      EXTENDED,
      "2026-06-14T15:00Z",
      "2026-06-15T08:00Z",
    ],
    ["in the pre-market a day order waits", DAY, "2026-06-15T09:00Z", "2026-06-15T13:30Z"],
    ["in the pre-market an extended one goes", EXTENDED, "2026-06-15T09:00Z", "2026-06-15T09:00Z"],
    ["in the session a day order goes", DAY, "2026-06-15T15:00Z", "2026-06-15T15:00Z"],
    ["in the session an extended one goes", EXTENDED, "2026-06-15T15:00Z", "2026-06-15T15:00Z"],
    [
      "after the close a day order waits for the next day",
      DAY,
      "2026-06-15T20:00Z",
      "2026-06-16T13:30Z",
    ],
    ["after the close an extended one goes", EXTENDED, "2026-06-15T20:00Z", "2026-06-15T20:00Z"],
    ["for the opening an order goes until 9:28", OPG, "2026-06-15T13:27Z", "2026-06-15T13:27Z"],
    ["from then on it waits for 7 pm", OPG, "2026-06-15T13:28Z", "2026-06-15T23:00Z"],
    ["in the session as well", OPG, "2026-06-15T15:00Z", "2026-06-15T23:00Z"],
    ["and behind it", OPG, "2026-06-15T20:30Z", "2026-06-15T23:00Z"],
    ["at 7 pm it goes", OPG, "2026-06-15T23:00Z", "2026-06-15T23:00Z"],
    ["on a Sunday at noon it waits as well", OPG, "2026-06-14T16:00Z", "2026-06-14T23:00Z"],
    ["on a Sunday night it goes", OPG, "2026-06-15T02:00Z", "2026-06-15T02:00Z"],
    ["for the close an order goes in the session", CLS, "2026-06-15T15:00Z", "2026-06-15T15:00Z"],
    ["until 3:50 pm", CLS, "2026-06-15T19:49Z", "2026-06-15T19:49Z"],
    ["from then on it waits for 7 pm", CLS, "2026-06-15T19:50Z", "2026-06-15T23:00Z"],
    ["and goes in the night", CLS, "2026-06-16T02:00Z", "2026-06-16T02:00Z"],
    ["on a half day until 12:50 pm", CLS, "2026-11-27T17:50Z", "2026-11-28T00:00Z"],
    ["and the minute before that", CLS, "2026-11-27T17:49Z", "2026-11-27T17:49Z"],
  ] as const)("%s", (_what, terms, now, expected) => {
    expect(taken("XNYS", terms, now)).toBe(expected);
  });
});

describe("elsewhere", () => {
  it.each([
    ["HOSE's lunch holds a day order", "HOSE", DAY, "2026-06-15T06:00Z"],
    [
      "HOSE never takes extended ones: they go with the others",
      "HOSE",
      EXTENDED,
      "2026-06-15T06:00Z",
    ],
    ["HOSE's lunch takes orders for the next auction", "HOSE", OPG, "2026-06-15T05:00Z"],
    ["what never closes has no opening auction", "CRYPTO", OPG, null],
    ["what never closes takes a day order at once", "CRYPTO", DAY, "2026-06-15T05:00Z"],
  ] as const)("%s", (_what, venue, terms, expected) => {
    expect(taken(venue, terms, "2026-06-15T05:00Z")).toBe(expected);
  });

  it("thirty closed days are looked past, and not one more", () => {
    const maintenance = (days: number): CalendarOverrides =>
      Array.from({ length: days }, (_, index) => ({
        kind: "close",
        venue: "CRYPTO",
        date: addDays("2026-06-01", index),
        reason: "maintenance",
      }));
    for (const terms of [DAY, EXTENDED]) {
      expect(taken("CRYPTO", terms, "2026-06-01T05:00Z", maintenance(30))).toBe(
        "2026-07-01T00:00Z",
      );
      expect(taken("CRYPTO", terms, "2026-06-01T05:00Z", maintenance(31))).toBeNull();
    }
  });
});
