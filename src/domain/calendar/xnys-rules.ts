// The rules of New York's scheduled holidays: they check the published rows and project the years after.
// Closures for mourning, storms and the like follow no rule and are not here.
import { isoDate, MS_PER_DAY, weekday } from "./date.ts";
import type { DayNumber, IsoDate } from "./date.ts";

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const SATURDAY = 6;
const JUNETEENTH_SINCE = 2022;

export interface RuledDay {
  readonly date: IsoDate;
  readonly name: string;
}

function on(year: number, month: number, date: number): DayNumber {
  return Date.UTC(year, month - 1, date) / MS_PER_DAY;
}

function nth(year: number, month: number, day: number, count: number): DayNumber {
  const first = on(year, month, 1);
  return first + ((day - weekday(first) + 7) % 7) + (count - 1) * 7;
}

/** A weekend holiday is kept on the nearest weekday. */
function observed(day: DayNumber): DayNumber {
  if (weekday(day) === SATURDAY) return day - 1;
  return weekday(day) === SUNDAY ? day + 1 : day;
}

/** Gauss's rule in the form of Meeus, Jones and Butcher; valid for every Gregorian year. */
export function easterSunday(year: number): DayNumber {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const correction = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const leap = 32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4);
  const toSunday = (leap - epact - (yearOfCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const march = 22 + epact + toSunday - 7 * late;
  return on(year, 3, march);
}

export function xnysHolidays(year: number): readonly RuledDay[] {
  const newYear = on(year, 1, 1);
  const days: [DayNumber, string][] = [];
  // On a Saturday it is not made up for: the Friday before ends the year's books.
  if (weekday(newYear) !== SATURDAY) days.push([observed(newYear), "New Year's Day"]);
  days.push(
    [nth(year, 1, MONDAY, 3), "Martin Luther King Jr. Day"],
    [nth(year, 2, MONDAY, 3), "Washington's Birthday"],
    [easterSunday(year) - 2, "Good Friday"],
    [nth(year, 6, MONDAY, 1) - 7, "Memorial Day"],
  );
  if (year >= JUNETEENTH_SINCE) days.push([observed(on(year, 6, 19)), "Juneteenth"]);
  days.push(
    [observed(on(year, 7, 4)), "Independence Day"],
    [nth(year, 9, MONDAY, 1), "Labor Day"],
    [nth(year, 11, THURSDAY, 4), "Thanksgiving Day"],
    [observed(on(year, 12, 25)), "Christmas Day"],
  );
  return days.map(([day, name]) => ({ date: isoDate(day), name }));
}

/** 13:00 closes, as kept since 2013. */
export function xnysHalfDays(year: number): readonly IsoDate[] {
  const beforeIndependence = on(year, 7, 3);
  const christmasEve = on(year, 12, 24);
  const isEve = (day: DayNumber): boolean => weekday(day) >= MONDAY && weekday(day) <= THURSDAY;
  const days = [nth(year, 11, THURSDAY, 4) + 1];
  if (isEve(beforeIndependence)) days.unshift(beforeIndependence);
  if (isEve(christmasEve)) days.push(christmasEve);
  return days.map(isoDate);
}
