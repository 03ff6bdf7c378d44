// The words of the calendars: phases, kinds of session, how sure a row is, and what a venue's data holds.
import type { ClockTime, IsoDate } from "./date.ts";

export type Phase =
  | "closed"
  | "pre"
  | "opening_auction"
  | "continuous"
  | "lunch"
  | "closing_auction"
  | "post_close"
  | "post"
  | "always_open";

export type SessionKind =
  | "regular"
  | "half_day"
  | "late_open"
  | "exam_day"
  | "always_open"
  /** Hours that an operator set. */
  | "changed";

/**
 * observed: seen in actual sessions. announced: published by the exchange. statutory: follows from the
 * law, not yet published. projected: a rule or a guess. reconstructed: the past, put together from
 * rules and general knowledge without a list at hand. operator: set in the override table.
 */
export type RowStatus =
  "observed" | "announced" | "statutory" | "projected" | "reconstructed" | "operator";

/** Which orders a phase takes: those for the regular session, those for extended hours, both, none. */
export type Takes = "regular" | "extended" | "both" | "none";

export type PhaseRow = readonly [phase: Phase, from: ClockTime, to: ClockTime, takes: Takes];

/** The hours of an ordinary day, in force from a date until the next row. */
export interface HoursRow {
  readonly validFrom: IsoDate;
  readonly open: ClockTime;
  readonly close: ClockTime;
  readonly phases: readonly PhaseRow[];
}

export interface Closure {
  readonly date: IsoDate;
  readonly name: string;
  readonly status: RowStatus;
}

/** A session whose regular hours differ from the ordinary day's. */
export interface SpecialDay {
  readonly date: IsoDate;
  readonly kind: SessionKind;
  readonly open: ClockTime;
  readonly close: ClockTime;
  readonly status: RowStatus;
}

/** Brokers take no order for one of a venue's auctions from its cut-off until an hour of the evening, whatever the day. */
export interface AuctionPause {
  readonly from: ClockTime;
  readonly until: ClockTime;
}

export interface VenueCalendar {
  readonly zone: string;
  readonly weekends: "closed" | "open";
  /** The first date the rows cover, and the last one that is published. */
  readonly knownFrom: IsoDate;
  readonly knownThrough: IsoDate;
  /** How sure an ordinary day is, ascending by `through`; after the last row it is projected. */
  readonly coverage: readonly { readonly through: IsoDate; readonly status: RowStatus }[];
  /** Ascending by `validFrom`. */
  readonly hours: readonly HoursRow[];
  readonly closures: readonly Closure[];
  readonly specialDays: readonly SpecialDay[];
  /** The last date for which closures are listed, published or projected: none can be confirmed beyond. */
  readonly rowsThrough: IsoDate;
  /** Null where orders for the opening auction are taken whenever there is no session, and none for the closing one. */
  readonly auctions: { readonly opg: AuctionPause; readonly cls: AuctionPause } | null;
}

/** Closures that share a status, written compactly. */
export function closures(
  status: RowStatus,
  rows: readonly (readonly [date: IsoDate, name: string])[],
): readonly Closure[] {
  return rows.map(([date, name]) => ({ date, name, status }));
}

/** Days that share a kind, its hours and a status, written compactly. */
export function specialDays(
  terms: Omit<SpecialDay, "date">,
  dates: readonly IsoDate[],
): readonly SpecialDay[] {
  return dates.map((date) => ({ ...terms, date }));
}
