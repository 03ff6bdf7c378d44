// Korea: late opens, exam days, the hours before and after 2019-04-29 and 2026-09-14, decreed closures.
import { describe, expect, it } from "vitest";
import {
  dayOf,
  nextTradable,
  phaseAt,
  sessionsBetween,
} from "../../../src/domain/calendar/calendar.ts";
import { at, phases, utc } from "./at.ts";

describe("the phases of a day", () => {
  it("until 2019-04-26 began with an hour of auction", () => {
    expect(phases("XKRX", "2019-04-26")).toEqual([
      "07:30-08:00 pre extended",
      "08:00-08:30 pre both",
      "08:30-09:00 opening_auction regular",
      "09:00-15:20 continuous regular",
      "15:20-15:30 closing_auction regular",
      "15:30-16:00 post_close extended",
      "16:00-18:00 post extended",
    ]);
  });

  it("until 2026-09-11 ended with ten-minute auctions until 18:00", () => {
    const expected = [
      "08:30-08:40 pre both",
      "08:40-09:00 opening_auction regular",
      "09:00-15:20 continuous regular",
      "15:20-15:30 closing_auction regular",
      "15:30-16:00 post_close extended",
      "16:00-18:00 post extended",
    ];
    expect(phases("XKRX", "2019-04-29")).toEqual(expected);
    expect(phases("XKRX", "2026-09-11")).toEqual(expected);
  });

  it("from 2026-09-14 has an after-market until 20:00", () => {
    expect(phases("XKRX", "2026-09-14")).toEqual([
      "08:20-09:00 opening_auction regular",
      "09:00-15:20 continuous regular",
      "15:20-15:30 closing_auction regular",
      "15:30-16:00 post_close extended",
      "16:00-20:00 post extended",
    ]);
  });

  it("begin on the UTC day before", () => {
    expect(phaseAt("XKRX", at("2026-06-14T23:45Z"))).toMatchObject({
      phase: "opening_auction",
      session: "2026-06-15",
    });
    expect(phaseAt("XKRX", at("2026-06-15T06:30Z"))).toMatchObject({
      phase: "post_close",
      tradable: { regular: false, extended: true },
    });
  });

  it("a held order may go when the auction starts to collect", () => {
    expect(utc(nextTradable("XKRX", at("2026-06-13T00:00Z"), "regular"))).toBe("2026-06-14T23:30Z");
    expect(utc(nextTradable("XKRX", at("2026-06-15T03:00Z"), "regular"))).toBe("2026-06-15T03:00Z");
    expect(utc(nextTradable("XKRX", at("2026-09-15T03:00Z"), "extended"))).toBe(
      "2026-09-15T06:30Z",
    );
  });
});

describe("special days", () => {
  it.each([
    "2018-01-02",
    "2019-01-02",
    "2020-01-02",
    "2021-01-04",
    "2022-01-03",
    "2023-01-02",
    "2024-01-02",
    "2025-01-02",
    "2026-01-02",
    "2027-01-04",
  ] as const)("the first session of the year, %s, opens at 10:00 and closes at 15:30", (date) => {
    const { session } = dayOf("XKRX", date);
    expect([session?.kind, utc(session?.open), utc(session?.close)]).toEqual([
      "late_open",
      `${date}T01:00Z`,
      `${date}T06:30Z`,
    ]);
  });

  it.each([
    "2018-11-15",
    "2019-11-14",
    "2020-12-03",
    "2021-11-18",
    "2022-11-17",
    "2023-11-16",
    "2024-11-14",
    "2025-11-13",
    "2026-11-19",
    "2027-11-18",
  ] as const)("the exam day %s runs from 10:00 to 16:30", (date) => {
    const { session } = dayOf("XKRX", date);
    expect([session?.kind, utc(session?.open), utc(session?.close)]).toEqual([
      "exam_day",
      `${date}T01:00Z`,
      `${date}T07:30Z`,
    ]);
  });

  it("on an exam day all moves by an hour but the end of the evening", () => {
    expect(phases("XKRX", "2025-11-13")).toEqual([
      "09:30-09:40 pre both",
      "09:40-10:00 opening_auction regular",
      "10:00-16:20 continuous regular",
      "16:20-16:30 closing_auction regular",
      "16:30-17:00 post_close extended",
      "17:00-18:00 post extended",
    ]);
    expect(phases("XKRX", "2026-11-19").at(-1)).toBe("17:00-20:00 post extended");
  });

  it("on a late open the auction moves, the close does not", () => {
    expect(phases("XKRX", "2026-01-02").slice(0, 4)).toEqual([
      "09:30-09:40 pre both",
      "09:40-10:00 opening_auction regular",
      "10:00-15:20 continuous regular",
      "15:20-15:30 closing_auction regular",
    ]);
  });

  it("no other session has special hours", () => {
    const special = sessionsBetween("XKRX", "2018-01-01", "2027-12-31").filter(
      ({ kind }) => kind !== "regular",
    );
    expect(special).toHaveLength(20);
  });
});

describe("closures", () => {
  it.each([
    ["2020-08-17", "Temporary holiday"],
    ["2023-10-02", "Temporary holiday"],
    ["2024-10-01", "Temporary holiday"],
    ["2025-01-27", "Temporary holiday"],
    ["2018-06-13", "Local elections"],
    ["2020-04-15", "National Assembly election"],
    ["2022-03-09", "Presidential election"],
    ["2025-06-03", "Presidential election"],
    ["2026-06-03", "Local elections"],
    ["2026-07-17", "Constitution Day"],
    ["2022-12-30", "Year-end closing"],
    ["2023-12-29", "Year-end closing"],
  ] as const)("%s was closed: %s", (date, name) => {
    expect(dayOf("XKRX", date)).toMatchObject({ session: null, closedFor: name, known: true });
  });

  it.each([
    ["2018-07-17", "before Constitution Day was a holiday again"],
    ["2021-12-27", "Christmas on a Saturday before 2023"],
    ["2022-05-09", "Buddha's Birthday on a Sunday before 2023"],
    ["2026-09-28", "Chuseok touching a Saturday"],
    ["2024-12-30", "the last session of a year"],
  ] as const)("%s was open: %s", (date, why) => {
    expect(dayOf("XKRX", date).session, why).not.toBeNull();
  });

  it.each([
    [2018, 244],
    [2019, 246],
    [2020, 248],
    [2021, 248],
    [2022, 246],
    [2023, 245],
    [2024, 244],
    [2025, 242],
  ])("%i had %i sessions", (year, count) => {
    expect(sessionsBetween("XKRX", `${year}-01-01`, `${year}-12-31`)).toHaveLength(count);
  });

  it("2027 follows from the law and is not known yet", () => {
    expect(dayOf("XKRX", "2027-07-19")).toMatchObject({
      session: null,
      closedFor: "Constitution Day",
      known: false,
    });
    expect(phaseAt("XKRX", at("2027-03-02T03:00Z")).known).toBe(false);
  });
});
