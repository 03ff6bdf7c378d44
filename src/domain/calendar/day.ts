// One local day of a venue: is it a session, which phases does it have, and how sure is that.
import type { Venue } from "../instrument.ts";
import { isoDate, isWeekend, minuteOf } from "./date.ts";
import type { ClockTime, DayNumber, EpochMs, IsoDate } from "./date.ts";
import { fitPhases } from "./layout.ts";
import { confirmedThrough, overrideFor } from "./override.ts";
import type { CalendarOverrides } from "./override.ts";
import type { Phase, RowStatus, SessionKind, Takes } from "./venue.ts";
import { coverageOn, hoursOn, venueIndex } from "./venues.ts";
import { instantOf } from "./zone.ts";

export interface Session {
  readonly date: IsoDate;
  /** The regular session, in UTC; pre-market and the like lie outside it. */
  readonly open: EpochMs;
  readonly close: EpochMs;
  /** Lunch, where there is one. */
  readonly breaks: readonly { readonly from: EpochMs; readonly to: EpochMs }[];
  readonly kind: SessionKind;
  readonly status: RowStatus;
  readonly known: boolean;
}

/** A stretch of a day, `from` included and `to` excluded. */
export interface Span {
  readonly phase: Phase;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly takes: Takes;
}

/** The spans cover the local day from midnight to midnight without gap or overlap. */
export interface DayPlan {
  readonly date: IsoDate;
  readonly session: Session | null;
  readonly spans: readonly Span[];
  readonly known: boolean;
  /** Why there is no session: a holiday's name, an operator's reason, "weekend". */
  readonly closedFor: string | null;
}

type Verdict =
  | { readonly open: null; readonly closedFor: string; readonly status: RowStatus }
  | {
      readonly open: ClockTime;
      readonly close: ClockTime;
      readonly kind: SessionKind;
      readonly status: RowStatus;
    };

/** What holds on a day, the strongest source first: operator, dated row, weekend, ordinary hours. */
function judge(venue: Venue, day: DayNumber, overrides: CalendarOverrides): Verdict {
  const { calendar, closures, specialDays } = venueIndex(venue);
  const override = overrideFor(overrides, venue, isoDate(day));
  if (override?.kind === "close") {
    return { open: null, closedFor: override.reason, status: "operator" };
  }
  if (override?.kind === "hours") {
    return { open: override.open, close: override.close, kind: "changed", status: "operator" };
  }
  const closure = closures.get(day);
  if (closure !== undefined) {
    return { open: null, closedFor: closure.name, status: closure.status };
  }
  const status = coverageOn(venue, day);
  if (calendar.weekends === "closed" && isWeekend(day)) {
    return { open: null, closedFor: "weekend", status };
  }
  const special = specialDays.get(day);
  if (special !== undefined) return special;
  const { open, close } = hoursOn(venue, day);
  return { open, close, kind: calendar.weekends === "open" ? "always_open" : "regular", status };
}

function isKnown(
  venue: Venue,
  day: DayNumber,
  status: RowStatus,
  overrides: CalendarOverrides,
): boolean {
  if (status === "operator") return true;
  const { knownFrom, knownThrough, rowsThrough } = venueIndex(venue);
  // Where no closure is listed there is nothing that a person can have compared.
  if (day < knownFrom || day > rowsThrough) return false;
  // Confirmed means that a person has compared every row up to there with the exchange's own list.
  if (day <= (confirmedThrough(overrides, venue) ?? Number.NEGATIVE_INFINITY)) return true;
  return day <= knownThrough && status !== "projected" && status !== "statutory";
}

export function planDay(venue: Venue, day: DayNumber, overrides: CalendarOverrides): DayPlan {
  const { zone } = venueIndex(venue).calendar;
  const at = (minute: number): EpochMs => instantOf(zone, day, minute);
  const whole = { from: at(0), to: instantOf(zone, day + 1, 0) };
  const verdict = judge(venue, day, overrides);
  const known = isKnown(venue, day, verdict.status, overrides);
  const date = isoDate(day);
  if (verdict.open === null) {
    const spans = tile([], whole);
    return { date, session: null, spans, known, closedFor: verdict.closedFor };
  }
  const stretches = fitPhases(hoursOn(venue, day), verdict.open, verdict.close);
  const busy = stretches.map((row) => ({ ...row, from: at(row.from), to: at(row.to) }));
  const breaks = busy
    .filter(({ phase }) => phase === "lunch")
    .map(({ from, to }) => ({ from, to }));
  const session: Session = {
    date,
    open: at(minuteOf(verdict.open)),
    close: at(minuteOf(verdict.close)),
    breaks,
    kind: verdict.kind,
    status: verdict.status,
    known,
  };
  return { date, session, spans: tile(busy, whole), known, closedFor: null };
}

/** Fills what lies between the busy spans with closed ones. */
function tile(
  busy: readonly Span[],
  whole: { readonly from: EpochMs; readonly to: EpochMs },
): readonly Span[] {
  const spans: Span[] = [];
  let end = whole.from;
  for (const span of busy) {
    if (span.from > end) spans.push(closed(end, span.from));
    spans.push(span);
    end = span.to;
  }
  if (end < whole.to) spans.push(closed(end, whole.to));
  return spans;
}

function closed(from: EpochMs, to: EpochMs): Span {
  return { phase: "closed", from, to, takes: "none" };
}
