// The last trade and the last quote of an instrument, in our words; each keeps its own instant.
import type { InstrumentId } from "../../domain/ids.ts";
import type { Quotation } from "../../domain/quotation.ts";
import type { WireQuote, WireTrade } from "./market-schema.ts";

/** Null where neither says anything. */
export function quotationFrom(
  instrumentId: InstrumentId,
  trade: WireTrade | null,
  quote: WireQuote | null,
): Quotation | null {
  const { p: price = null, t: at = 0 } = trade ?? {};
  const { bp: bid = null, ap: ask = null } = quote ?? {};
  const told = {
    instrumentId,
    trade: price === null ? null : { price, at },
    quote: quote === null || (bid === null && ask === null) ? null : { bid, ask, at: quote.t },
  };
  return told.trade === null && told.quote === null ? null : told;
}
