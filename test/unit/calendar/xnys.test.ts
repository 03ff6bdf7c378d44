// New York: both clock changes, every half-day rule, the closures that follow no rule.
import { describe, expect, it } from "vitest";
import {
  dayOf,
  nextClose,
  nextOpen,
  phaseAt,
  sessionsBetween,
} from "../../../src/domain/calendar/calendar.ts";
import type { IsoDate } from "../../../src/domain/calendar/date.ts";
import { at, phases, utc } from "./at.ts";

const hours = (date: IsoDate): string => {
  const { session } = dayOf("XNYS", date);
  return session === null
    ? "closed"
    : `${utc(session.open)?.slice(11)}-${utc(session.close)?.slice(11)}`;
};

describe("the clock changes", () => {
  it.each([
    ["2026-03-06", "14:30Z-21:00Z"],
    ["2026-03-09", "13:30Z-20:00Z"],
    ["2026-10-30", "13:30Z-20:00Z"],
    ["2026-11-02", "14:30Z-21:00Z"],
    ["2018-03-09", "14:30Z-21:00Z"],
    ["2018-03-12", "13:30Z-20:00Z"],
    ["2027-11-05", "13:30Z-20:00Z"],
    ["2027-11-08", "14:30Z-21:00Z"],
  ] as const)("the session of %s is %s", (date, expected) => {
    expect(hours(date)).toBe(expected);
  });

  it("the weekend of a change stays closed from Friday evening to Monday 04:00 New York", () => {
    const march = phaseAt("XNYS", at("2026-03-08T12:00Z"));
    expect([march.phase, utc(march.until)]).toEqual(["closed", "2026-03-09T08:00Z"]);
    const autumn = phaseAt("XNYS", at("2026-11-01T12:00Z"));
    expect([autumn.phase, utc(autumn.until)]).toEqual(["closed", "2026-11-02T09:00Z"]);
  });
});

describe("a day", () => {
  it("has a pre-market, a regular session and a late session", () => {
    expect(phases("XNYS", "2026-06-15")).toEqual([
      "04:00-09:30 pre extended",
      "09:30-16:00 continuous both",
      "16:00-20:00 post extended",
    ]);
  });

  it("that is a half day closes at 13:00 and ends its late session at 17:00", () => {
    expect(phases("XNYS", "2026-11-27")).toEqual([
      "04:00-09:30 pre extended",
      "09:30-13:00 continuous both",
      "13:00-17:00 post extended",
    ]);
  });

  it("includes its open and excludes its close", () => {
    expect(phaseAt("XNYS", at("2026-06-15T13:29:59.999Z")).phase).toBe("pre");
    expect(phaseAt("XNYS", at("2026-06-15T13:30:00Z")).phase).toBe("continuous");
    expect(phaseAt("XNYS", at("2026-06-15T19:59:59.999Z")).phase).toBe("continuous");
    expect(phaseAt("XNYS", at("2026-06-15T20:00:00Z")).phase).toBe("post");
  });

  it("says which orders it takes, until when, and for which session", () => {
    const answer = phaseAt("XNYS", at("2026-06-15T12:00Z"));
    expect(answer).toMatchObject({
      phase: "pre",
      tradable: { regular: false, extended: true },
      session: "2026-06-15",
      known: true,
    });
    expect(utc(answer.until)).toBe("2026-06-15T13:30Z");
    expect(phaseAt("XNYS", at("2026-06-15T02:00Z")).session).toBeNull();
  });
});

describe("half days", () => {
  it.each([
    ["2018-07-03", "half_day", "3 July on a Tuesday"],
    ["2019-07-03", "half_day", "3 July on a Wednesday"],
    ["2025-07-03", "half_day", "3 July on a Thursday"],
    ["2028-07-03", "half_day", "3 July on a Monday"],
    ["2026-07-02", "regular", "the day before a 3 July that is the holiday"],
    ["2021-07-02", "regular", "2 July before a weekend"],
    ["2024-07-05", "regular", "5 July after a Thursday holiday, since 2013"],
    ["2026-11-27", "half_day", "the day after Thanksgiving"],
    ["2018-12-24", "half_day", "24 December on a Monday"],
    ["2019-12-24", "half_day", "24 December on a Tuesday"],
    ["2025-12-24", "half_day", "24 December on a Wednesday"],
    ["2026-12-24", "half_day", "24 December on a Thursday"],
    ["2022-12-23", "regular", "23 December before a weekend"],
    ["2025-12-26", "regular", "26 December 2025"],
    ["2027-12-31", "regular", "the Friday before a Saturday New Year"],
  ] as const)("%s is a %s: %s", (date, kind, why) => {
    expect(dayOf("XNYS", date).session?.kind, why).toBe(kind);
  });

  it("24 December on a Friday is the Christmas holiday", () => {
    expect(dayOf("XNYS", "2021-12-24").closedFor).toBe("Christmas Day");
    expect(dayOf("XNYS", "2027-12-24").closedFor).toBe("Christmas Day");
  });
});

describe("closures", () => {
  it.each(["2018-12-05", "2025-01-09"] as const)("%s was closed in mourning", (date) => {
    expect(dayOf("XNYS", date)).toMatchObject({ session: null, known: true });
    expect(dayOf("XNYS", date).closedFor).toContain("mourning");
  });

  it("a New Year's Day on a Saturday is not made up for", () => {
    expect(hours("2021-12-31")).toBe("14:30Z-21:00Z");
    expect(hours("2022-01-03")).toBe("14:30Z-21:00Z");
    expect(dayOf("XNYS", "2028-01-03").session).not.toBeNull();
  });

  it("Juneteenth is kept since 2022", () => {
    expect(dayOf("XNYS", "2021-06-18").session).not.toBeNull();
    expect(dayOf("XNYS", "2022-06-20").closedFor).toBe("Juneteenth");
    expect(dayOf("XNYS", "2027-06-18").closedFor).toBe("Juneteenth");
  });

  it.each([
    [2018, 251],
    [2019, 252],
    [2020, 253],
    [2021, 252],
    [2022, 251],
    [2023, 250],
    [2024, 252],
    [2025, 250],
    [2026, 251],
  ])("%i has %i sessions", (year, count) => {
    expect(sessionsBetween("XNYS", `${year}-01-01`, `${year}-12-31`)).toHaveLength(count);
  });
});

describe("what comes next", () => {
  it("the next open skips the night, the weekend and the holiday", () => {
    expect(utc(nextOpen("XNYS", at("2026-06-15T13:29Z")))).toBe("2026-06-15T13:30Z");
    expect(utc(nextOpen("XNYS", at("2026-06-15T13:30Z")))).toBe("2026-06-16T13:30Z");
    expect(utc(nextOpen("XNYS", at("2026-07-02T21:00Z")))).toBe("2026-07-06T13:30Z");
  });

  it("the next close is the half day's own", () => {
    expect(utc(nextClose("XNYS", at("2026-11-26T18:00Z")))).toBe("2026-11-27T18:00Z");
    expect(utc(nextClose("XNYS", at("2026-11-27T18:00Z")))).toBe("2026-11-30T21:00Z");
  });
});

describe("how sure the rows are", () => {
  it("published years are known, the years after are not", () => {
    expect(phaseAt("XNYS", at("2028-12-29T16:00Z")).known).toBe(true);
    expect(phaseAt("XNYS", at("2029-01-02T16:00Z")).known).toBe(false);
    expect(phaseAt("XNYS", at("2017-12-29T16:00Z")).known).toBe(false);
  });

  it("a session says whether it was seen, announced or projected", () => {
    const statuses = (["2026-01-02", "2026-12-31", "2029-06-01", "2017-06-01"] as const).map(
      (date) => dayOf("XNYS", date).session?.status,
    );
    expect(statuses).toEqual(["observed", "announced", "projected", "projected"]);
  });
});
