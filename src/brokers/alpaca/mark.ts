// A mark from the last trade and the last quote of an instrument.
import type { InstrumentId } from "../../domain/ids.ts";
import type { Mark } from "../../domain/market.ts";
import type { WireQuote, WireTrade } from "./market-schema.ts";

/**
 * One instant speaks for the whole mark, the newer one. So the older part is left out once it is this
 * much older: a trade of an hour ago does not become fresh because a quote is.
 */
const SAME_MOMENT_MS = 15_000;

export function markOf(
  instrumentId: InstrumentId,
  trade: WireTrade | null,
  quote: WireQuote | null,
): Mark | null {
  const at = Math.max(trade?.t ?? 0, quote?.t ?? 0);
  const last = isOfMoment(trade, at) ? trade.p : null;
  const { bp: bid = null, ap: ask = null } = isOfMoment(quote, at) ? quote : {};
  if (last === null && bid === null && ask === null) return null;
  return { instrumentId, bid, ask, last, at };
}

function isOfMoment<Part extends { readonly t: number }>(
  part: Part | null,
  at: number,
): part is Part {
  return part !== null && at - part.t <= SAME_MOMENT_MS;
}
