// When a venue takes an order next: its regular hours, the extended ones where the order asks for them, and
// for an auction any time but the hours from its cut-off until the evening.
import type { Venue } from "../instrument.ts";
import type { OrderTerms } from "../order/spec.ts";
import { dayOf, nextTradable, phaseAt } from "./calendar.ts";
import { isoDate, minuteOf, MS_PER_MINUTE } from "./date.ts";
import type { EpochMs } from "./date.ts";
import type { CalendarOverrides } from "./override.ts";
import type { AuctionPause } from "./venue.ts";
import { venueIndex } from "./venues.ts";
import { dayAt, instantOf } from "./zone.ts";

/** On a half day the closing auction is as much earlier as the close is. */
const CUT_OFF_BEFORE_CLOSE_MS = 10 * MS_PER_MINUTE;

export interface Asked {
  readonly now: EpochMs;
  readonly calendar: CalendarOverrides;
}

type Terms = Pick<OrderTerms, "timeInForce" | "extendedHours">;

export function isForAuction({ timeInForce }: Pick<Terms, "timeInForce">): boolean {
  return timeInForce === "opg" || timeInForce === "cls";
}

/** This instant or a later one; null where none is in sight, as where there is no such auction. */
export function takesFrom(venue: Venue, terms: Terms, asked: Asked): EpochMs | null {
  const { auctions } = venueIndex(venue).calendar;
  const { timeInForce } = terms;
  if (auctions !== null && (timeInForce === "opg" || timeInForce === "cls")) {
    return afterPause(venue, auctions[timeInForce], asked);
  }
  const { now, calendar } = asked;
  if (timeInForce === "opg") return outsideSession(venue, asked);
  const regular = nextTradable(venue, now, "regular", calendar);
  if (!terms.extendedHours) return regular;
  const extended = nextTradable(venue, now, "extended", calendar);
  if (regular === null || extended === null) return regular ?? extended;
  return Math.min(regular, extended);
}

function outsideSession(venue: Venue, { now, calendar }: Asked): EpochMs | null {
  const { phase, until } = phaseAt(venue, now, calendar);
  if (phase === "always_open") return null;
  return phase === "continuous" ? until : now;
}

function afterPause(venue: Venue, pause: AuctionPause, { now, calendar }: Asked): EpochMs {
  const { zone } = venueIndex(venue).calendar;
  const day = dayAt(zone, now);
  const at = (time: AuctionPause["from"]): EpochMs => instantOf(zone, day, minuteOf(time));
  const { session } = dayOf(venue, isoDate(day), calendar);
  const cutOff = Math.min(at(pause.from), (session?.close ?? Infinity) - CUT_OFF_BEFORE_CLOSE_MS);
  const until = at(pause.until);
  return now >= cutOff && now < until ? until : now;
}
