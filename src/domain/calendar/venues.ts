// The calendar of each venue, indexed by day.
import type { Venue } from "../instrument.ts";
import { ALWAYS_OPEN } from "./data/always-open.ts";
import { HNX, HOSE, UPCOM } from "./data/vietnam.ts";
import { XKRX } from "./data/xkrx.ts";
import { XNYS } from "./data/xnys.ts";
import { dayNumber } from "./date.ts";
import type { DayNumber } from "./date.ts";
import type { Closure, HoursRow, RowStatus, SpecialDay, VenueCalendar } from "./venue.ts";

export interface VenueIndex {
  readonly calendar: VenueCalendar;
  readonly knownFrom: DayNumber;
  readonly knownThrough: DayNumber;
  readonly rowsThrough: DayNumber;
  readonly closures: ReadonlyMap<DayNumber, Closure>;
  readonly specialDays: ReadonlyMap<DayNumber, SpecialDay>;
}

function indexed(calendar: VenueCalendar): VenueIndex {
  return {
    calendar,
    knownFrom: dayNumber(calendar.knownFrom),
    knownThrough: dayNumber(calendar.knownThrough),
    rowsThrough: dayNumber(calendar.rowsThrough),
    closures: new Map(calendar.closures.map((row) => [dayNumber(row.date), row])),
    specialDays: new Map(calendar.specialDays.map((row) => [dayNumber(row.date), row])),
  };
}

const VENUES: Readonly<Record<Venue, VenueIndex>> = {
  XNYS: indexed(XNYS),
  XKRX: indexed(XKRX),
  HOSE: indexed(HOSE),
  HNX: indexed(HNX),
  UPCOM: indexed(UPCOM),
  CRYPTO: indexed(ALWAYS_OPEN),
  SIM: indexed(ALWAYS_OPEN),
};

// The record has exactly the venues as keys.
export const VENUE_NAMES = Object.keys(VENUES) as readonly Venue[];

export function isVenue(text: string): text is Venue {
  return Object.hasOwn(VENUES, text);
}

export function venueIndex(venue: Venue): VenueIndex {
  return VENUES[venue];
}

/** The ordinary hours in force on a day; before the first row, the first row's. */
export function hoursOn(venue: Venue, day: DayNumber): HoursRow {
  const { hours } = VENUES[venue].calendar;
  const found = hours.findLast((row) => dayNumber(row.validFrom) <= day) ?? hours[0];
  if (found === undefined) throw new RangeError(`${venue} has no hours`);
  return found;
}

/** How sure an ordinary day without a row of its own is. */
export function coverageOn(venue: Venue, day: DayNumber): RowStatus {
  const { calendar, knownFrom } = VENUES[venue];
  if (day < knownFrom) return "projected";
  return calendar.coverage.find(({ through }) => day <= dayNumber(through))?.status ?? "projected";
}
