// What an account holds of one instrument: the net position and each strategy's share of it, as one fold.
//
// A fact with a strategy counts for that strategy and for the net. One without counts for the net; and
// where it lowers the net (a person closes, a signal without a strategy sells, a transfer takes shares
// away) it takes what no strategy holds first and the rest from the strategies, in proportion, at its own
// price. Otherwise a strategy would go on holding, and losing on, what is gone. Who gives how much is a
// matter of this fold and so of the canonical order: late facts, busts and a replay come to the same.
import { Decimal } from "../decimal.ts";
import type { StrategyId } from "../ids.ts";
import type { AttributedFact } from "./change.ts";
import { flatPosition, foldFact, inverseFact } from "./fold.ts";
import type { PositionFact, PositionKey, PositionState } from "./state.ts";

export interface HoldingState {
  readonly net: PositionState;
  readonly shares: Shares;
}

type Shares = ReadonlyMap<StrategyId, PositionState>;

const NO_SHARES: Shares = new Map();

export function flatHolding(of: Pick<PositionKey, "accountId" | "instrumentId">): HoldingState {
  return { net: flatPosition({ ...of, strategyId: null }), shares: NO_SHARES };
}

export function foldHolding(
  state: HoldingState,
  { fact, strategyId }: AttributedFact,
): HoldingState {
  const net = foldFact(state.net, fact);
  if (strategyId === null) return { net, shares: withoutOwner(state, fact) };
  const own = state.shares.get(strategyId) ?? flatPosition({ ...net, strategyId });
  return { net, shares: new Map(state.shares).set(strategyId, foldFact(own, fact)) };
}

/** The fact taken out again, where its place in the fold is not known any more. */
export function unfoldHolding(state: HoldingState, known: AttributedFact): HoldingState {
  const { strategyId } = known;
  const { net, shares } = foldHolding(state, { fact: inverseFact(known.fact), strategyId });
  const own = strategyId === null ? undefined : shares.get(strategyId);
  return {
    net: { ...net, version: state.net.version - 1 },
    shares:
      own === undefined || strategyId === null
        ? shares
        : new Map(shares).set(strategyId, { ...own, version: own.version - 2 }),
  };
}

function withoutOwner({ net, shares }: HoldingState, fact: PositionFact): Shares {
  if (shares.size === 0) return shares;
  let held = net.quantity;
  let left = shares;
  for (const step of stepsOf(fact)) {
    left = lowered(left, held, step);
    held = held.plus(step.moved);
  }
  return left;
}

/** A change of quantity at one price, and the fact that says so about a part of it. */
interface Step {
  readonly moved: Decimal;
  readonly partOf: (quantity: Decimal) => PositionFact;
}

/** Fees in money stay with the account: no strategy asked for the order. */
function stepsOf(fact: PositionFact): readonly Step[] {
  if (fact.kind === "adjustment") {
    const { adjustment } = fact;
    // A split is recorded for each strategy: what is left is nobody's.
    if (adjustment.kind === "split") return [];
    const isLess = adjustment.quantity.isNegative();
    const partOf = (part: Decimal): PositionFact => ({
      ...fact,
      adjustment: {
        ...adjustment,
        quantity: isLess ? part.negated() : part,
        amount: Decimal.ZERO,
      },
    });
    return [{ moved: adjustment.quantity, partOf }];
  }
  const { side, quantity, feeInAsset } = fact;
  const none = Decimal.ZERO;
  return [
    {
      moved: side === "buy" ? quantity : quantity.negated(),
      partOf: (part) => ({ ...fact, quantity: part, fee: none, feeInAsset: none }),
    },
    {
      moved: feeInAsset.negated(),
      partOf: (part) => ({ ...fact, quantity: none, fee: none, feeInAsset: part }),
    },
  ];
}

function lowered(shares: Shares, held: Decimal, { moved, partOf }: Step): Shares {
  const direction = held.sign();
  if (direction === 0 || moved.sign() !== -direction) return shares;
  const owned = Decimal.sum([...shares.values()].map(({ quantity }) => quantity));
  const nobodys = held.minus(owned);
  const gone = Decimal.min(moved.abs(), held.abs());
  const rest = nobodys.sign() === direction ? gone.minus(nobodys.abs()) : gone;
  if (!rest.isPositive()) return shares;
  const left = new Map(shares);
  for (const { share, part } of inProportion(rest, holdersOn(shares, direction))) {
    if (share.strategyId === null || part.isZero()) continue;
    left.set(share.strategyId, foldFact(share, partOf(part)));
  }
  return left;
}

/** The largest first; of equal ones in the order of their names. */
function holdersOn(shares: Shares, direction: number): readonly PositionState[] {
  return [...shares.values()]
    .filter(({ quantity }) => quantity.sign() === direction)
    .toSorted((left, right) => {
      const bySize = right.quantity.abs().compare(left.quantity.abs());
      if (bySize !== 0) return bySize;
      return (left.strategyId ?? "") < (right.strategyId ?? "") ? -1 : 1;
    });
}

/**
 * Exactly `amount`, in no finer steps than the amounts have themselves: whole shares stay whole. What
 * rounding leaves goes to the largest, as far as it has that much.
 */
function inProportion(amount: Decimal, holders: readonly PositionState[]) {
  const sizes = holders.map(({ quantity }) => quantity.abs());
  const total = Decimal.sum(sizes);
  const scale = Math.max(amount.scale(), ...sizes.map((size) => size.scale()));
  const parts = holders.map((share) => {
    const size = share.quantity.abs();
    return { share, size, part: amount.times(size).dividedBy(total, scale, "down") };
  });
  let left = amount.minus(Decimal.sum(parts.map(({ part }) => part)));
  return parts.map(({ share, size, part }) => {
    const more = Decimal.min(left, size.minus(part));
    left = left.minus(more);
    return { share, part: part.plus(more) };
  });
}
