// Crypto and the simulated exchange: no nights, no holidays, a day per UTC date.
import { describe, expect, it } from "vitest";
import {
  nextClose,
  nextOpen,
  nextTradable,
  phaseAt,
  sessionsBetween,
} from "../../../src/domain/calendar/calendar.ts";
import type { CalendarOverrides } from "../../../src/domain/calendar/calendar.ts";
import { at, utc } from "./at.ts";

describe.each(["CRYPTO", "SIM"] as const)("%s", (venue) => {
  it.each(["2026-01-01T00:00Z", "2026-12-25T23:59:59.999Z", "2045-03-08T07:30Z"])(
    "takes every order at %s",
    (instant) => {
      expect(phaseAt(venue, at(instant))).toEqual({
        phase: "always_open",
        tradable: { regular: true, extended: true },
        until: null,
        session: instant.slice(0, 10),
        known: true,
      });
    },
  );

  it("never opens and never closes", () => {
    expect(nextOpen(venue, at("2026-01-01T00:00Z"))).toBeNull();
    expect(nextClose(venue, at("2026-01-01T00:00Z"))).toBeNull();
    expect(nextTradable(venue, at("2026-01-01T00:00Z"), "regular")).toBe(at("2026-01-01T00:00Z"));
  });

  it("has a session for each UTC date", () => {
    const sessions = sessionsBetween(venue, "2026-03-07", "2026-03-09");
    expect(sessions.map(({ open, close, kind }) => [utc(open), utc(close), kind])).toEqual([
      ["2026-03-07T00:00Z", "2026-03-08T00:00Z", "always_open"],
      ["2026-03-08T00:00Z", "2026-03-09T00:00Z", "always_open"],
      ["2026-03-09T00:00Z", "2026-03-10T00:00Z", "always_open"],
    ]);
  });

  it("closes for maintenance where an operator says so", () => {
    const overrides: CalendarOverrides = [
      { kind: "close", venue, date: "2026-03-08", reason: "maintenance" },
    ];
    expect(utc(phaseAt(venue, at("2026-03-07T12:00Z"), overrides).until)).toBe("2026-03-08T00:00Z");
    expect(phaseAt(venue, at("2026-03-08T12:00Z"), overrides).phase).toBe("closed");
    expect(utc(nextClose(venue, at("2026-03-07T12:00Z"), overrides))).toBe("2026-03-08T00:00Z");
    expect(utc(nextOpen(venue, at("2026-03-07T12:00Z"), overrides))).toBe("2026-03-09T00:00Z");
    expect(utc(nextOpen(venue, at("2026-03-08T12:00Z"), overrides))).toBe("2026-03-09T00:00Z");
  });
});
