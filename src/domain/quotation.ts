// From what a source tells of an instrument's price to the mark that is believed: pure, the last trade
// and the quote in, each with its own instant, and a mark out, or none. What is stale, crossed or from
// the future marks nothing: the mark before it stays, and its age says so.
//
//   the venue is        a trade counts               a quote counts
//   in its session      when it is of this session   the same, and no older than the limit
//   in extended hours   however old: the close       when no older than the limit
//   closed              however old: the close       only where no trade is told
//   always open         when it is of the last day   when no older than the limit
//
// A trade that counts is never left out for a quote with an empty side: the market is thin then, not gone.
import { dayOf, phaseAt } from "./calendar/calendar.ts";
import type { CalendarOverrides } from "./calendar/override.ts";
import type { Decimal } from "./decimal.ts";
import type { InstrumentId } from "./ids.ts";
import type { Venue } from "./instrument.ts";
import { isCrossed, isOfTheFuture } from "./market.ts";
import type { Mark } from "./market.ts";

export interface ToldTrade {
  readonly price: Decimal;
  /** When the market said so, not when we heard it; the same below. */
  readonly at: number;
}

export interface ToldQuote {
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly at: number;
}

/** The latest that a source has of one instrument. Nothing about it is judged yet. */
export interface Quotation {
  readonly instrumentId: InstrumentId;
  readonly trade: ToldTrade | null;
  readonly quote: ToldQuote | null;
}

/** Where a venue stands at an instant, as far as prices are concerned. */
export type MarketHours =
  | { readonly kind: "session"; readonly openedAt: number }
  | { readonly kind: "extended" | "closed" | "always_open" };

export interface Moment {
  readonly now: number;
  readonly hours: MarketHours;
  /** Null where no limit is set. */
  readonly quoteAgeMaxMs: number | null;
}

/** Where nothing ever opens or closes, a trade speaks for as long as the longest session lasts. */
const DAY_MS = 24 * 60 * 60_000;
/**
 * One instant speaks for a whole mark, the older one, so that no part of it seems fresher than it is. A
 * part that is older than the other by more than this is left out instead.
 */
const SAME_MOMENT_MS = 15_000;

export function marketHours(venue: Venue, now: number, calendar?: CalendarOverrides): MarketHours {
  const { phase, tradable, session: date } = phaseAt(venue, now, calendar);
  if (phase === "always_open") return { kind: "always_open" };
  const session = date === null ? null : dayOf(venue, date, calendar).session;
  if (session === null || !(tradable.regular || tradable.extended)) return { kind: "closed" };
  const isOn = now >= session.open && now < session.close;
  return isOn ? { kind: "session", openedAt: session.open } : { kind: "extended" };
}

/** What of it is believed, as a mark; null where that is nothing. */
export function believe({ instrumentId, ...told }: Quotation, moment: Moment): Mark | null {
  const trade = told.trade !== null && isTradeFresh(told.trade, moment) ? told.trade : null;
  const quote = told.quote !== null && isQuoteFresh(told.quote, moment) ? told.quote : null;
  const { hours } = moment;
  if (trade === null && quote === null) return null;
  // A quote that crosses discredits what was told with it or before it; only a newer trade stands.
  const crossed = told.quote !== null && isCrossed(told.quote) ? told.quote : null;
  if (crossed !== null && trade !== null && trade.at <= crossed.at) return null;
  // The close is what a holding is worth until the next open; a quote that nobody can meet is not.
  if (trade !== null && (quote === null || hours.kind === "closed" || losesTrade(trade, quote))) {
    return { instrumentId, bid: null, ask: null, last: trade.price, at: trade.at };
  }
  return joined(instrumentId, trade, quote);
}

/** A quote with an empty side values no holding: where it is much newer, the trade goes before it. */
function losesTrade(trade: ToldTrade, { bid, ask, at }: ToldQuote): boolean {
  return (bid === null || ask === null) && at - trade.at > SAME_MOMENT_MS;
}

function joined(
  instrumentId: InstrumentId,
  trade: ToldTrade | null,
  quote: ToldQuote | null,
): Mark {
  const newest = Math.max(trade?.at ?? 0, quote?.at ?? 0);
  const last = trade !== null && newest - trade.at <= SAME_MOMENT_MS ? trade : null;
  const sides = quote !== null && newest - quote.at <= SAME_MOMENT_MS ? quote : null;
  return {
    instrumentId,
    bid: sides?.bid ?? null,
    ask: sides?.ask ?? null,
    last: last?.price ?? null,
    at: Math.min(last?.at ?? newest, sides?.at ?? newest),
  };
}

function isTradeFresh({ at }: ToldTrade, { now, hours }: Moment): boolean {
  if (isOfTheFuture(at, now)) return false;
  if (hours.kind === "session") return at >= hours.openedAt;
  return hours.kind !== "always_open" || now - at <= DAY_MS;
}

function isQuoteFresh(quote: ToldQuote, { now, hours, quoteAgeMaxMs }: Moment): boolean {
  const { bid, ask, at } = quote;
  if ((bid === null && ask === null) || isCrossed(quote) || isOfTheFuture(at, now)) return false;
  if (hours.kind === "closed") return true;
  if (hours.kind === "session" && at < hours.openedAt) return false;
  return quoteAgeMaxMs === null || now - at <= quoteAgeMaxMs;
}
