// Calendar dates and wall-clock times as plain values: no zone, no host clock, no Date objects kept.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;
/** A date on somebody's wall, for example 2026-11-27. */
export type IsoDate = `${number}-${number}-${number}`;
/** A time on somebody's wall, for example 09:30; 24:00 is the end of the day. */
export type ClockTime = `${number}:${number}`;
/** Days since 1970-01-01, so that dates can be counted and compared as numbers. */
export type DayNumber = number;

export const MS_PER_MINUTE = 60_000;
export const MS_PER_DAY = 86_400_000;
const SATURDAY = 6;
const SUNDAY = 0;

export function dayNumber(date: IsoDate): DayNumber {
  return Date.parse(`${date}T00:00:00Z`) / MS_PER_DAY;
}

export function isoDate(day: DayNumber): IsoDate {
  // toISOString starts with the date in exactly this form for every year from 0 to 9999.
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10) as IsoDate;
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return isoDate(dayNumber(date) + days);
}

/** 0 is Sunday. 1970-01-01 was a Thursday. */
export function weekday(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}

export function isWeekend(day: DayNumber): boolean {
  return weekday(day) === SATURDAY || weekday(day) === SUNDAY;
}

/** The date in `text`, or null where it is not one (2026-02-30 is not). */
export function parseIsoDate(text: string): IsoDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const parsed = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime())) return null;
  const date = isoDate(parsed.getTime() / MS_PER_DAY);
  return date === text ? date : null;
}

/** The minute of the day in `text`, or null where it is not a time from 00:00 to 24:00. */
export function parseClockTime(text: string): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return null;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minute <= 1440 ? minute : null;
}

/** The minute of the day of a time that our own tables hold. */
export function minuteOf(time: ClockTime): number {
  const minute = parseClockTime(time);
  if (minute === null) throw new RangeError(`${time} is not a time of day`);
  return minute;
}
