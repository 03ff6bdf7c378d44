// What the chain reads of positions: how much of an instrument is held, by the account or by a strategy.
// What the broker holds for others counts with the account's own: an exit is judged by both together.
import type { AccountBook } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId, StrategyId } from "../ids.ts";

/** Signed; zero where nothing is held. Null asks for the account's net position. */
export function heldQuantity(
  { positions, others }: AccountBook,
  instrumentId: InstrumentId,
  strategyId: StrategyId | null,
): Decimal {
  if (strategyId === null) {
    const own = positions.quantity(instrumentId);
    // Nearly always empty: the sum is not made for nothing.
    return others.size === 0 ? own : own.plus(others.get(instrumentId) ?? Decimal.ZERO);
  }
  return positions.ofStrategy(instrumentId, strategyId)?.quantity ?? Decimal.ZERO;
}
