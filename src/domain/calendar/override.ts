// What an operator knows better than the tables: closures, changed hours, and how far they were checked.
import type { Venue } from "../instrument.ts";
import type { ClockTime, DayNumber, IsoDate } from "./date.ts";
import { dayNumber, parseIsoDate } from "./date.ts";
import { fitPhases } from "./layout.ts";
import { hoursOn, isVenue } from "./venues.ts";

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

/** A row as a table holds it. */
export interface OverrideText {
  readonly kind: string;
  readonly venue: string;
  /** For `confirm` the last day that was compared. */
  readonly date: string;
  readonly open: string | null;
  readonly close: string | null;
  readonly reason: string;
}

/**
 * The override that a row means; null where no day of a venue is meant. Hours that make no sense close
 * the day: somebody knows that it differs, and nobody knows how.
 */
export function overrideFrom(row: OverrideText): CalendarOverride | null {
  const { kind, venue, reason } = row;
  const date = parseIsoDate(row.date);
  if (date === null || !isVenue(venue)) return null;
  if (kind === "close") return { kind, venue, date, reason };
  if (kind === "confirm") return { kind, venue, through: date, reason };
  if (kind !== "hours") return null;
  // Their form is judged by `overrideProblem`, like what they leave of the day.
  const open = (row.open ?? "") as ClockTime;
  const close = (row.close ?? "") as ClockTime;
  const override = { kind, venue, date, open, close, reason } as const;
  const problem = overrideProblem(override);
  if (problem === null) return override;
  return { kind: "close", venue, date, reason: `its hours make no sense: ${problem}` };
}

/** A sentence that says what is wrong with a row, or null: for the edge where rows come in. */
export function overrideProblem(row: CalendarOverride): string | null {
  const date = row.kind === "confirm" ? row.through : row.date;
  if (parseIsoDate(date) === null) return `${date} is not a date`;
  if (row.kind !== "hours") return null;
  try {
    fitPhases(hoursOn(row.venue, dayNumber(row.date)), row.open, row.close);
    return null;
  } catch (error: unknown) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
