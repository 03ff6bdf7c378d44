// What is held of an instrument, ours and what is left to others: now, with what this decision has moved, and
// at an instant, by the broker's instants.
import type { HeldBefore } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { InstrumentId, StrategyId } from "../ids.ts";
import type { PositionState } from "../position/state.ts";
import type { Draft } from "./draft.ts";
import type { Moved } from "./draft-holdings.ts";
import { othersOf } from "./others.ts";

export function heldNow(draft: Draft, instrumentId: InstrumentId): HeldBefore {
  const net = draft.held(instrumentId);
  const shares = sharesOf(
    draft.accountBook.positions.of(instrumentId),
    draft.holdings.moves(instrumentId),
  );
  return { net, others: othersOf(draft, instrumentId), shares };
}

/**
 * Null where that cannot be known: behind a correction, since what it found may have been there before, and
 * behind more facts than are at hand.
 */
export function heldAt(
  draft: Draft,
  { instrumentId, at }: { readonly instrumentId: InstrumentId; readonly at: number },
): HeldBefore | null {
  const { positions, corrected, othersMoved } = draft.accountBook;
  if (corrected.get(instrumentId)?.some((each) => each.at > at)) return null;
  const holding = positions.heldAt(instrumentId, at);
  if (holding === null) return null;
  const moves = draft.holdings.moves(instrumentId).filter((move) => move.at <= at);
  const net = holding.net.quantity.plus(Decimal.sum(moves.map((move) => move.quantity)));
  const since = [
    ...(othersMoved.get(instrumentId) ?? []),
    ...draft.holdings.othersMoves(instrumentId),
  ]
    .filter((move) => move.at > at)
    .map((move) => move.quantity);
  const others = othersOf(draft, instrumentId).minus(Decimal.sum(since));
  return { net, others, shares: sharesOf(holding.shares.values(), moves) };
}

const CASH_PART_SCALE = 9;

/** What is ours of cash that the broker paid for all that it holds: as much as is ours of that. */
export function ownCash(
  amount: Decimal,
  { net, others }: Pick<HeldBefore, "net" | "others">,
): Decimal {
  const whole = net.plus(others);
  if (others.isZero() || whole.isZero()) return amount;
  return amount.times(net).dividedBy(whole, CASH_PART_SCALE, "half_even");
}

/** What each strategy holds, with what this decision has moved so far. */
function sharesOf(states: Iterable<PositionState>, moves: readonly Moved[]): HeldBefore["shares"] {
  const shares = new Map<StrategyId, { readonly held: Decimal; readonly moved: Decimal }>();
  const add = (strategyId: StrategyId | null, quantity: Decimal): void => {
    if (strategyId === null) return;
    const held = (shares.get(strategyId)?.held ?? Decimal.ZERO).plus(quantity);
    shares.set(strategyId, { held, moved: Decimal.ZERO });
  };
  for (const { strategyId, quantity } of states) add(strategyId, quantity);
  for (const { strategyId, quantity } of moves) add(strategyId, quantity);
  return shares;
}
