// What the chain reads of positions: how much of an instrument is held, by the account or by a strategy.
import type { AccountBook } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId, StrategyId } from "../ids.ts";

/** Signed; zero where nothing is held. Null asks for the account's net position. */
export function heldQuantity(
  { positions }: AccountBook,
  instrumentId: InstrumentId,
  strategyId: StrategyId | null,
): Decimal {
  if (strategyId === null) return positions.quantity(instrumentId);
  return positions.ofStrategy(instrumentId, strategyId)?.quantity ?? Decimal.ZERO;
}
