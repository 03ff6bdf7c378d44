// New York's holidays by rule: Easter in every kind of year, what moves off a weekend, which eves are short.
import { describe, expect, it } from "vitest";
import { dayOf } from "../../../src/domain/calendar/calendar.ts";
import { isoDate } from "../../../src/domain/calendar/date.ts";
import {
  easterSunday,
  xnysHalfDays,
  xnysHolidays,
} from "../../../src/domain/calendar/xnys-rules.ts";

describe("Easter Sunday", () => {
  it.each([
    "1598-03-22",
    "1666-04-25",
    "1700-04-11",
    "1761-03-22",
    "1818-03-22",
    "1886-04-25",
    "1900-04-15",
    "1943-04-25",
    "1954-04-18",
    "1961-04-02",
    "1981-04-19",
    "2000-04-23",
    "2008-03-23",
    "2011-04-24",
    "2016-03-27",
    "2019-04-21",
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
    "2027-03-28",
    "2038-04-25",
    "2049-04-18",
    "2076-04-19",
    "2100-03-28",
    "2285-03-22",
  ])("was or will be %s", (date) => {
    expect(isoDate(easterSunday(Number(date.slice(0, 4))))).toBe(date);
  });
});

describe("the holidays of a year", () => {
  it("are the ten of 2026, Independence Day on the Friday before its Saturday", () => {
    expect(xnysHolidays(2026).map(({ date, name }) => `${date} ${name}`)).toEqual([
      "2026-01-01 New Year's Day",
      "2026-01-19 Martin Luther King Jr. Day",
      "2026-02-16 Washington's Birthday",
      "2026-04-03 Good Friday",
      "2026-05-25 Memorial Day",
      "2026-06-19 Juneteenth",
      "2026-07-03 Independence Day",
      "2026-09-07 Labor Day",
      "2026-11-26 Thanksgiving Day",
      "2026-12-25 Christmas Day",
    ]);
  });

  it.each([
    [2021, "Juneteenth", undefined],
    [2022, "Juneteenth", "2022-06-20"],
    [2022, "New Year's Day", undefined],
    [2023, "New Year's Day", "2023-01-02"],
    [2021, "Independence Day", "2021-07-05"],
    [2027, "Juneteenth", "2027-06-18"],
    [2021, "Christmas Day", "2021-12-24"],
    [2022, "Christmas Day", "2022-12-26"],
    [2018, "Thanksgiving Day", "2018-11-22"],
    [2024, "Labor Day", "2024-09-02"],
    [2021, "Memorial Day", "2021-05-31"],
  ])("of %i: %s on %s", (year, holiday, date) => {
    expect(xnysHolidays(year).find(({ name }) => name === holiday)?.date).toBe(date);
  });
});

describe("the half days of a year", () => {
  it.each([
    [2018, ["2018-07-03", "2018-11-23", "2018-12-24"]],
    [2020, ["2020-11-27", "2020-12-24"]],
    [2021, ["2021-11-26"]],
    [2022, ["2022-11-25"]],
    [2023, ["2023-07-03", "2023-11-24"]],
    [2025, ["2025-07-03", "2025-11-28", "2025-12-24"]],
    [2028, ["2028-07-03", "2028-11-24"]],
  ])("%i: the eves on a Monday to Thursday, and the day after Thanksgiving", (year, dates) => {
    expect(xnysHalfDays(year)).toEqual(dates);
  });
});

describe("a year that is not published", () => {
  it.each([
    ["2029-03-30", "Good Friday"],
    ["2032-12-24", "Christmas Day"],
    ["2035-01-01", "New Year's Day"],
  ] as const)("is expected to close on %s: %s", (date, name) => {
    expect(dayOf("XNYS", date)).toMatchObject({ closedFor: name, session: null, known: false });
  });

  it("is expected to close at 13:00 after Thanksgiving", () => {
    expect(dayOf("XNYS", "2031-11-28").session).toMatchObject({
      kind: "half_day",
      status: "projected",
      known: false,
    });
  });
});
