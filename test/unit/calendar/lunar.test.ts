// A second opinion on the lunar holidays: the platform's own lunar calendars, as a check and never a source.
import { describe, expect, it } from "vitest";
import { dayOf } from "../../../src/domain/calendar/calendar.ts";
import { dayNumber, isoDate, isWeekend } from "../../../src/domain/calendar/date.ts";
import type { IsoDate } from "../../../src/domain/calendar/date.ts";

type Lunar = "dangi" | "chinese";
const YEARS = [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026, 2027];

/** The date in `year` on which the lunar calendar shows `month`/`day`, leap months apart. */
function lunarDate(calendar: Lunar, year: number, month: number, day: number): IsoDate {
  const format = new Intl.DateTimeFormat(`en-u-ca-${calendar}`, {
    timeZone: "UTC",
    month: "numeric",
    day: "numeric",
  });
  for (let at = dayNumber(`${year}-01-15`); at < dayNumber(`${year}-12-31`); at += 1) {
    const parts = format.formatToParts(at * 86_400_000);
    const read = (type: string): string | undefined =>
      parts.find((part) => part.type === type)?.value;
    if (read("month") === String(month) && read("day") === String(day)) return isoDate(at);
  }
  throw new RangeError(`no ${calendar} ${month}/${day} in ${year}`);
}

function around(date: IsoDate, before: number, after: number): IsoDate[] {
  const days: IsoDate[] = [];
  for (let day = dayNumber(date) - before; day <= dayNumber(date) + after; day += 1) {
    if (!isWeekend(day)) days.push(isoDate(day));
  }
  return days;
}

describe.each(YEARS)("in %i", (year) => {
  it.each([
    ["Seollal", 1, 1, 1],
    ["Chuseok", 8, 15, 1],
    ["Buddha's Birthday", 4, 8, 0],
  ] as const)("Korea is closed around its %s", (_name, month, day, neighbours) => {
    for (const date of around(lunarDate("dangi", year, month, day), neighbours, neighbours)) {
      expect([date, dayOf("XKRX", date).session]).toEqual([date, null]);
    }
  });

  it("Vietnam is closed from the eve of Tet through its third day", () => {
    for (const date of around(lunarDate("chinese", year, 1, 1), 1, 2)) {
      expect([date, dayOf("HOSE", date).closedFor]).toEqual([date, "Tet"]);
    }
  });

  it("Vietnam keeps Hung Kings' Day on its lunar date or the next working day", () => {
    let day = dayNumber(lunarDate("chinese", year, 3, 10));
    while (isWeekend(day)) day += 1;
    expect(dayOf("HOSE", isoDate(day)).closedFor).toBe("Hung Kings' Day");
  });
});

// 2027's new moon falls at 23:56 in Beijing. The platform's Chinese calendar may put the new year a day
// late there; China and Vietnam keep 6 February, and the closures above hold by either reckoning.
it("Korea's lunar new year of 2027 and 2028 is its own, a day after Vietnam's", () => {
  expect(lunarDate("dangi", 2027, 1, 1)).toBe("2027-02-07");
  expect(lunarDate("dangi", 2028, 1, 1)).toBe("2028-01-27");
  expect(lunarDate("chinese", 2028, 1, 1)).toBe("2028-01-26");
});
