// Which session an order may trade in, and when it ends.
import { newYorkInstant, addDays, newYorkDate } from "../new-york.ts";
import type { SessionDay } from "../session.ts";
import type { Order, OrderTerms } from "./order.ts";
import type { World } from "./world.ts";

export function mayTradeNow(world: World, order: Order): boolean {
  if (order.asset.assetClass === "crypto") return true;
  if (order.timeInForce === "opg" || order.timeInForce === "cls") return false;
  if (world.session.phase === "core") return true;
  return order.extendedHours && world.session.phase !== "closed";
}

const DAYS_AHEAD = 12;

export function refreshDays(world: World): void {
  const today = newYorkDate(world.now);
  world.days = world.sessions.days(today, addDays(today, DAYS_AHEAD));
}

function endOf(day: SessionDay, terms: OrderTerms): number {
  return terms.extendedHours ? day.postEnd : day.coreEnd;
}

/** GTC stock orders end after 90 days, at 16:15 in New York. */
const GTC_DAYS = 90;
const GTC_END_MINUTES = 16 * 60 + 15;

/** Milliseconds since the epoch; null for what never ends by itself. */
export function expiry(world: World, terms: OrderTerms): number | null {
  if (terms.asset.assetClass === "crypto") return null;
  if (terms.timeInForce === "gtc") {
    return newYorkInstant(addDays(newYorkDate(world.now), GTC_DAYS), GTC_END_MINUTES);
  }
  // An order for the open is for an open that is still to come.
  const isAhead = (day: SessionDay): boolean =>
    terms.timeInForce === "opg" ? day.coreStart > world.now : endOf(day, terms) > world.now;
  const day = world.days.find(isAhead);
  return day === undefined ? null : endOf(day, terms);
}
