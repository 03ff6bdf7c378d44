// What came in: a wish to trade, already parsed, accepted and numbered.
import type { Decimal } from "./decimal.ts";
import type { AccountId, InstrumentId, SignalId, StrategyId } from "./ids.ts";
import type { OrderTerms, Side } from "./order/spec.ts";

export interface Signal {
  readonly id: SignalId;
  /** Gap-free in its partition: the order of decision. */
  readonly number: number;
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId | null;
  /** A trade asks for an order; a position asks for the holding, and the order is computed. */
  readonly wish:
    | { readonly kind: "trade"; readonly terms: OrderTerms }
    | {
        readonly kind: "position";
        readonly target: Decimal;
        /** Side and quantity are left to the engine; the rest of the terms is taken as given. */
        readonly terms: Omit<OrderTerms, "side" | "quantity" | "notional">;
      };
  readonly reason: string | null;
  readonly validUntil: number | null;
  readonly onMarketClosed: "reject" | "queue" | null;
  readonly receivedAt: number;
  /** Who sent it: an API key's id, `tradingview`, `stream`, `cli`, `local`. */
  readonly actor: string;
  /** W3C trace context, carried to the broker call and every log line. */
  readonly traceParent: string | null;
}

export const sideOfChange = (change: Decimal): Side => (change.isNegative() ? "sell" : "buy");
