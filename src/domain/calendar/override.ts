// What an operator knows better than the tables: closures, changed hours, and how far they were checked.
import type { Venue } from "../instrument.ts";
import type { ClockTime, DayNumber, IsoDate } from "./date.ts";
import { parseClockTime, parseIsoDate, dayNumber } from "./date.ts";
import { fitPhases } from "./layout.ts";
import { hoursOn } from "./venues.ts";

export type CalendarOverride =
  | {
      readonly kind: "close";
      readonly venue: Venue;
      readonly date: IsoDate;
      readonly reason: string;
    }
  | {
      /** Also opens a day that the tables hold closed, a Saturday for example. */
      readonly kind: "hours";
      readonly venue: Venue;
      readonly date: IsoDate;
      readonly open: ClockTime;
      readonly close: ClockTime;
      readonly reason: string;
    }
  | {
      /** The operator has compared the tables with the exchange's own list up to this date. */
      readonly kind: "confirm";
      readonly venue: Venue;
      readonly through: IsoDate;
      readonly reason: string;
    };

/** Never changed in place: a changed table is a new array, since answers are kept per array. */
export type CalendarOverrides = readonly CalendarOverride[];
export const NO_OVERRIDES: CalendarOverrides = Object.freeze([]);

/** What the rows say about one day of a venue; of two rows for a day the later one counts. */
export function overrideFor(
  overrides: CalendarOverrides,
  venue: Venue,
  date: IsoDate,
): Exclude<CalendarOverride, { kind: "confirm" }> | null {
  let found: Exclude<CalendarOverride, { kind: "confirm" }> | null = null;
  for (const row of overrides) {
    if (row.kind !== "confirm" && row.venue === venue && row.date === date) found = row;
  }
  return found;
}

/** The last day the operator vouches for, or null. */
export function confirmedThrough(overrides: CalendarOverrides, venue: Venue): DayNumber | null {
  let through: DayNumber | null = null;
  for (const row of overrides) {
    if (row.kind !== "confirm" || row.venue !== venue) continue;
    through = Math.max(through ?? dayNumber(row.through), dayNumber(row.through));
  }
  return through;
}

/** A sentence that says what is wrong with a row, or null: for the edge where rows come in. */
export function overrideProblem(row: CalendarOverride): string | null {
  const date = row.kind === "confirm" ? row.through : row.date;
  if (parseIsoDate(date) === null) return `${date} is not a date`;
  if (row.kind !== "hours") return null;
  for (const time of [row.open, row.close]) {
    if (parseClockTime(time) === null) return `${time} is not a time of day`;
  }
  try {
    fitPhases(hoursOn(row.venue, dayNumber(row.date)), row.open, row.close);
    return null;
  } catch (error: unknown) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
