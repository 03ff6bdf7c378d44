// Vietnam: each market's own phases, Tet, the swapped days, and what nobody has published yet.
import { describe, expect, it } from "vitest";
import {
  dayOf,
  nextTradable,
  phaseAt,
  sessionsBetween,
} from "../../../src/domain/calendar/calendar.ts";
import { addDays } from "../../../src/domain/calendar/date.ts";
import type { IsoDate } from "../../../src/domain/calendar/date.ts";
import { at, phases, utc } from "./at.ts";

const MARKETS = ["HOSE", "HNX", "UPCOM"] as const;

describe("the phases of a day", () => {
  it("HOSE opens and closes with an auction and has no trading after", () => {
    expect(phases("HOSE", "2026-06-15")).toEqual([
      "09:00-09:15 opening_auction regular",
      "09:15-11:30 continuous regular",
      "11:30-13:00 lunch none",
      "13:00-14:30 continuous regular",
      "14:30-14:45 closing_auction regular",
    ]);
  });

  it("HNX opens without an auction and trades on at the closing price", () => {
    expect(phases("HNX", "2026-06-15")).toEqual([
      "09:00-11:30 continuous regular",
      "11:30-13:00 lunch none",
      "13:00-14:30 continuous regular",
      "14:30-14:45 closing_auction regular",
      "14:45-15:00 post_close extended",
    ]);
  });

  it("UPCOM has no auctions and trades until 15:00", () => {
    expect(phases("UPCOM", "2026-06-15")).toEqual([
      "09:00-11:30 continuous regular",
      "11:30-13:00 lunch none",
      "13:00-15:00 continuous regular",
    ]);
  });

  it("lunch takes no orders, belongs to the session, and a held order goes at 13:00", () => {
    const lunch = phaseAt("HOSE", at("2026-06-15T05:00Z"));
    expect(lunch).toMatchObject({
      phase: "lunch",
      tradable: { regular: false, extended: false },
      session: "2026-06-15",
    });
    expect(utc(lunch.until)).toBe("2026-06-15T06:00Z");
    expect(utc(nextTradable("HOSE", at("2026-06-15T05:00Z"), "regular"))).toBe("2026-06-15T06:00Z");
  });

  it("a session lists lunch as its break", () => {
    const [session] = sessionsBetween("HOSE", "2026-06-15", "2026-06-15");
    expect(session?.breaks.map(({ from, to }) => [utc(from), utc(to)])).toEqual([
      ["2026-06-15T04:30Z", "2026-06-15T06:00Z"],
    ]);
  });
});

describe("closures", () => {
  it.each([
    ["2018-02-14", "2018-02-20"],
    ["2019-02-04", "2019-02-08"],
    ["2020-01-23", "2020-01-29"],
    ["2021-02-10", "2021-02-16"],
    ["2022-01-31", "2022-02-04"],
    ["2023-01-20", "2023-01-26"],
    ["2024-02-08", "2024-02-14"],
    ["2025-01-27", "2025-01-31"],
    ["2026-02-16", "2026-02-20"],
  ] as const)("Tet closed every market from %s through %s, and no longer", (first, last) => {
    for (const market of MARKETS) {
      expect(sessionsBetween(market, first, last)).toEqual([]);
      expect(weekdayBefore(market, first)).not.toBeNull();
      expect(weekdayAfter(market, last)).not.toBeNull();
    }
  });

  it.each([
    ["2018-12-31", "2019-01-05"],
    ["2019-04-29", "2019-05-04"],
    ["2024-04-29", "2024-05-04"],
    ["2025-05-02", "2025-04-26"],
    ["2026-01-02", "2026-01-10"],
    ["2026-08-31", "2026-08-22"],
  ] as const)("%s was swapped for the Saturday %s, on which nothing trades", (closed, saturday) => {
    for (const market of MARKETS) {
      expect(dayOf(market, closed)).toMatchObject({ session: null, known: true });
      expect(dayOf(market, saturday).closedFor).toBe("weekend");
    }
  });

  it.each([
    "2018-09-03",
    "2021-09-03",
    "2022-09-01",
    "2023-09-01",
    "2023-09-04",
    "2024-09-03",
    "2025-09-01",
    "2026-09-01",
  ] as const)("%s was closed beside National Day", (date) => {
    expect(dayOf("HOSE", date).closedFor).toBe("National Day");
  });

  it("a holiday on a weekend is made up for on the next working days", () => {
    for (const date of [
      "2022-01-03",
      "2022-04-11",
      "2022-05-02",
      "2022-05-03",
      "2023-05-03",
    ] as const) {
      expect(dayOf("HOSE", date).session).toBeNull();
    }
  });

  it("Christmas is a normal session", () => {
    expect(dayOf("HOSE", "2025-12-25").session?.kind).toBe("regular");
  });

  it("the outage of January 2018 closed HOSE alone", () => {
    for (const date of ["2018-01-23", "2018-01-24"] as const) {
      expect(dayOf("HOSE", date).session).toBeNull();
      expect(dayOf("HNX", date).session).not.toBeNull();
      expect(dayOf("UPCOM", date).session).not.toBeNull();
    }
  });
});

describe("how sure the rows are", () => {
  it("Vietnam Culture Day 2026 is taken as closed, and as not known", () => {
    expect(phaseAt("HOSE", at("2026-11-24T03:00Z"))).toMatchObject({
      phase: "closed",
      known: false,
    });
    expect(phaseAt("HOSE", at("2026-11-25T03:00Z")).known).toBe(true);
  });

  it("2027 is not known", () => {
    expect(phaseAt("HNX", at("2027-01-04T03:00Z"))).toMatchObject({
      phase: "continuous",
      known: false,
    });
    expect(dayOf("HOSE", "2027-02-05")).toMatchObject({ closedFor: "Tet", known: false });
  });

  it("the years put together from rules say so", () => {
    expect(dayOf("HOSE", "2020-06-15").session).toMatchObject({
      status: "reconstructed",
      known: true,
    });
    expect(dayOf("HOSE", "2025-06-16").session?.status).toBe("observed");
    expect(dayOf("HOSE", "2026-12-15").session?.status).toBe("announced");
  });
});

function weekdayBefore(market: (typeof MARKETS)[number], date: IsoDate): unknown {
  return sessionsBetween(market, addDays(date, -3), addDays(date, -1)).at(-1) ?? null;
}

function weekdayAfter(market: (typeof MARKETS)[number], date: IsoDate): unknown {
  return sessionsBetween(market, addDays(date, 1), addDays(date, 3)).at(0) ?? null;
}
