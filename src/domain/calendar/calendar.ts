// Questions to the calendars: what phase a venue is in, when it opens and closes, which sessions it has.
import type { Venue } from "../instrument.ts";
import { dayNumber, MS_PER_DAY } from "./date.ts";
import type { DayNumber, EpochMs, IsoDate } from "./date.ts";
import { planDay } from "./day.ts";
import type { DayPlan, Session, Span } from "./day.ts";
import { NO_OVERRIDES } from "./override.ts";
import type { CalendarOverrides } from "./override.ts";
import type { Phase } from "./venue.ts";
import { venueIndex } from "./venues.ts";
import { dayAt } from "./zone.ts";

/** The longest closure on record here is Tet with its weekends, nine days. */
const LOOKAHEAD_DAYS = 30;
const MAX_DAYS_KEPT = 5_000;

export interface PhaseAnswer {
  readonly phase: Phase;
  /**
   * Which orders the venue takes now. Regular includes the auctions; extended needs an order that asks
   * for it, such as a pre-market order in New York or one at the closing price in Hanoi.
   */
  readonly tradable: { readonly regular: boolean; readonly extended: boolean };
  /** The end of this phase, or null where none is in sight. */
  readonly until: EpochMs | null;
  /** The session this instant belongs to, pre-market and lunch included; null while closed. */
  readonly session: IsoDate | null;
  /** False past what is published, or where a row is only projected: then entries are refused. */
  readonly known: boolean;
}

interface KeptDay {
  readonly plan: DayPlan;
  /** One per span, made when first asked for. */
  readonly answers: (PhaseAnswer | undefined)[];
}

/** Answers kept per table of overrides and venue. `recent` spares the hot path the search. */
interface KeptVenue {
  readonly days: Map<DayNumber, KeptDay>;
  recent: { readonly from: EpochMs; readonly to: EpochMs; readonly answer: PhaseAnswer } | null;
}

const kept = new WeakMap<CalendarOverrides, Map<Venue, KeptVenue>>();

function keptFor(venue: Venue, overrides: CalendarOverrides): KeptVenue {
  let venues = kept.get(overrides);
  if (venues === undefined) kept.set(overrides, (venues = new Map<Venue, KeptVenue>()));
  let found = venues.get(venue);
  if (found === undefined) venues.set(venue, (found = { days: new Map(), recent: null }));
  return found;
}

function keptDay(venue: Venue, day: DayNumber, overrides: CalendarOverrides): KeptDay {
  const { days } = keptFor(venue, overrides);
  const found = days.get(day);
  if (found !== undefined) return found;
  if (days.size >= MAX_DAYS_KEPT) days.clear();
  const made: KeptDay = { plan: planDay(venue, day, overrides), answers: [] };
  days.set(day, made);
  return made;
}

function localDay(venue: Venue, instant: EpochMs): DayNumber {
  return dayAt(venueIndex(venue).calendar.zone, instant);
}

function* plansFrom(
  venue: Venue,
  instant: EpochMs,
  overrides: CalendarOverrides,
): Generator<DayPlan> {
  const first = localDay(venue, instant);
  for (let day = first; day <= first + LOOKAHEAD_DAYS; day += 1) {
    yield keptDay(venue, day, overrides).plan;
  }
}

/** What a venue's day looks like: its session, its phases without gap or overlap, and why it is closed. */
export function dayOf(
  venue: Venue,
  date: IsoDate,
  overrides: CalendarOverrides = NO_OVERRIDES,
): DayPlan {
  return keptDay(venue, dayNumber(date), overrides).plan;
}

export function phaseAt(
  venue: Venue,
  instant: EpochMs,
  overrides: CalendarOverrides = NO_OVERRIDES,
): PhaseAnswer {
  const memory = keptFor(venue, overrides);
  const { recent } = memory;
  if (recent !== null && instant >= recent.from && instant < recent.to) return recent.answer;

  const { plan, answers } = keptDay(venue, localDay(venue, instant), overrides);
  const index = plan.spans.findIndex(({ to }) => instant < to);
  const span = plan.spans[index];
  if (span === undefined) throw new RangeError(`${venue} has no phase at ${instant}`);
  const answer = (answers[index] ??= answerFor(venue, plan, span, overrides));
  memory.recent = { from: span.from, to: span.to, answer };
  return answer;
}

function answerFor(
  venue: Venue,
  plan: DayPlan,
  span: Span,
  overrides: CalendarOverrides,
): PhaseAnswer {
  const { phase, takes } = span;
  return Object.freeze({
    phase,
    tradable: Object.freeze({
      regular: takes === "regular" || takes === "both",
      extended: takes === "extended" || takes === "both",
    }),
    until: endOf(venue, span, overrides),
    session: phase === "closed" || plan.session === null ? null : plan.session.date,
    known: plan.known,
  });
}

/** A phase can run past midnight: a weekend is one closed phase. */
function endOf(venue: Venue, span: Span, overrides: CalendarOverrides): EpochMs | null {
  for (const { spans } of plansFrom(venue, span.from, overrides)) {
    const next = spans.find(
      ({ from, phase, takes }) =>
        from > span.from && (phase !== span.phase || takes !== span.takes),
    );
    if (next !== undefined) return next.from;
  }
  return null;
}

/** The next instant after `instant` at which a regular session opens; null for what never closes. */
export function nextOpen(
  venue: Venue,
  instant: EpochMs,
  overrides: CalendarOverrides = NO_OVERRIDES,
): EpochMs | null {
  let previousClose: EpochMs | null = null;
  for (const { session } of plansFrom(venue, instant - MS_PER_DAY, overrides)) {
    if (session === null) continue;
    if (session.open > instant && session.open !== previousClose) return session.open;
    previousClose = session.close;
  }
  return null;
}

/** The next instant after `instant` at which a regular session closes; null for what never closes. */
export function nextClose(
  venue: Venue,
  instant: EpochMs,
  overrides: CalendarOverrides = NO_OVERRIDES,
): EpochMs | null {
  let candidate: EpochMs | null = null;
  for (const { session } of plansFrom(venue, instant, overrides)) {
    if (candidate !== null && session?.open !== candidate) return candidate;
    candidate = session !== null && session.close > instant ? session.close : null;
  }
  return null;
}

/** The first instant from `instant` on at which the venue takes such orders: when a held one may go. */
export function nextTradable(
  venue: Venue,
  instant: EpochMs,
  hours: "regular" | "extended",
  overrides: CalendarOverrides = NO_OVERRIDES,
): EpochMs | null {
  for (const { spans } of plansFrom(venue, instant, overrides)) {
    const span = spans.find(
      ({ to, takes }) => to > instant && (takes === hours || takes === "both"),
    );
    if (span !== undefined) return Math.max(span.from, instant);
  }
  return null;
}

/** The sessions from one date to another, both included. */
export function sessionsBetween(
  venue: Venue,
  from: IsoDate,
  to: IsoDate,
  overrides: CalendarOverrides = NO_OVERRIDES,
): readonly Session[] {
  const sessions: Session[] = [];
  for (let day = dayNumber(from); day <= dayNumber(to); day += 1) {
    const { session } = planDay(venue, day, overrides);
    if (session !== null) sessions.push(session);
  }
  return sessions;
}

export { NO_OVERRIDES } from "./override.ts";
export type { CalendarOverride, CalendarOverrides } from "./override.ts";
export type { DayPlan, Session } from "./day.ts";
export { tradingDay, tradingDayAt } from "./trading-day.ts";
