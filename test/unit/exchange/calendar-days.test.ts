// Days and offsets that are kept are those that would be made anew.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newYorkOffset } from "../../../src/exchange/new-york.ts";
import { byCalendar } from "../../../src/exchange/session-calendar.ts";
import { alwaysOpen } from "../../../src/exchange/session-open.ts";

describe.each([
  ["the calendar", byCalendar],
  ["always open", alwaysOpen],
])("%s", (_name, sessions) => {
  test("makes a day once", () => {
    const [first] = sessions.days("2026-06-01", "2026-06-05");
    const again = sessions
      .days("2025-12-30", "2027-01-04")
      .find(({ date }) => date === first?.date);
    expect(first).toBeDefined();
    expect(again).toBe(first);
  });

  test("gives each day once and in order, over the ends of years", () => {
    const dates = sessions.days("2024-12-20", "2027-01-10").map(({ date }) => date);
    expect(dates).toEqual([...new Set(dates)].sort());
    expect(dates[0]).toBe("2024-12-20");
    expect(dates.filter((date) => date >= "2026-12-31" && date <= "2027-01-04")).toContain(
      "2027-01-04",
    );
    expect(sessions.days("2026-06-05", "2026-06-01")).toEqual([]);
  });

  test("settles the last day of a year in the next", () => {
    const [last] = sessions.days("2026-12-31", "2026-12-31");
    expect(last?.settlementDate).toBe(sessions === alwaysOpen ? "2027-01-01" : "2027-01-04");
  });
});

const wall = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/New_York",
  timeZoneName: "longOffset",
});

function offsetByName(at: number): number {
  const name = wall.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign = "", hours = "0"] = /GMT([+-])(\d+):00$/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * Number(hours) * 3_600_000;
}

test("New York's offset is what the time zone says, hour by hour around each change and anywhere", () => {
  const hour = fc.integer({
    min: Date.parse("1900-01-02T00:00:00Z") / 3_600_000,
    max: Date.parse("2200-01-01T00:00:00Z") / 3_600_000,
  });
  fc.assert(
    fc.property(hour, (which) => {
      expect(newYorkOffset(which * 3_600_000)).toBe(offsetByName(which * 3_600_000));
    }),
    { numRuns: 2_000 },
  );
  for (const year of [1918, 1942, 1945, 1967, 1974, 1987, 2007, 2026, 2029]) {
    for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 3_600_000) {
      if (newYorkOffset(at) !== offsetByName(at)) {
        expect(`${new Date(at).toISOString()} ${newYorkOffset(at)}`).toBe(offsetByName(at));
      }
    }
  }
});
