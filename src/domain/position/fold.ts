// The one fold of a position: average cost, netted, exact. Whatever happens to a position happens here.
//
// Two sums carry everything. Money that changed hands moves `realizedGross − costBasis` and nothing
// else does: each step below changes both so that their difference changes by exactly the cash of that
// step, whatever was rounded. So with any mark
//     total = realizedGross + (quantity × mark − costBasis) − fees
// is exact by construction, and does not depend on the order of the facts. What does depend on it is
// only how the gain is divided into realised and unrealised.
import { Decimal } from "../decimal.ts";
import type { Adjustment, PositionFact, PositionKey, PositionState } from "./state.ts";

/**
 * The share of the cost that a partial close releases is the only division. Quantities have up to 9
 * decimals and prices up to 8, so 18 is finer than any cost that was paid.
 */
export const RELEASED_COST_SCALE = 18;
const RELEASED_COST_ROUNDING = "half_even";

/** Averages are for reading; nothing is computed from them. */
export const AVERAGE_COST_SCALE = 12;

export function flatPosition(key: PositionKey): PositionState {
  return {
    accountId: key.accountId,
    instrumentId: key.instrumentId,
    strategyId: key.strategyId,
    quantity: Decimal.ZERO,
    costBasis: Decimal.ZERO,
    realizedGross: Decimal.ZERO,
    fees: Decimal.ZERO,
    openedAt: null,
    updatedAt: 0,
    version: 0,
  };
}

export function foldFact(state: PositionState, fact: PositionFact): PositionState {
  const holding = holdingOf(state);
  if (fact.kind === "execution") {
    const signed = fact.side === "buy" ? fact.quantity : fact.quantity.negated();
    trade(holding, signed, fact.price);
    // A fee taken in the asset costs quantity, not money: the cost stays and what is left of the
    // holding has cost more apiece. (freqtrade#2478: otherwise the close is too large.)
    if (!fact.feeInAsset.isZero()) moveWithoutPrice(holding, fact.feeInAsset.negated());
    if (!fact.fee.isZero()) holding.fees = holding.fees.plus(fact.fee);
  } else {
    adjust(holding, fact.adjustment);
  }
  return {
    ...state,
    quantity: holding.quantity,
    costBasis: holding.costBasis,
    realizedGross: holding.realizedGross,
    fees: holding.fees,
    openedAt: openedAt(state, holding.quantity, fact.at),
    updatedAt: Math.max(state.updatedAt, fact.at),
    version: state.version + 1,
  };
}

/** What unmakes the fact in quantity and money, wherever in the fold it is applied. */
export function inverseFact(fact: PositionFact): PositionFact {
  if (fact.kind === "execution") {
    return {
      ...fact,
      side: fact.side === "buy" ? "sell" : "buy",
      fee: fact.fee.negated(),
      feeInAsset: fact.feeInAsset.negated(),
    };
  }
  const { adjustment } = fact;
  return {
    ...fact,
    adjustment: {
      ...adjustment,
      quantity: adjustment.quantity.negated(),
      amount: adjustment.amount.negated(),
    },
  };
}

/** What the holding would gain if it were sold at the mark. */
export function unrealized(state: PositionState, mark: Decimal): Decimal {
  return state.quantity.times(mark).minus(state.costBasis);
}

export function realizedNet(state: PositionState): Decimal {
  return state.realizedGross.minus(state.fees);
}

export function totalProfit(state: PositionState, mark: Decimal): Decimal {
  return realizedNet(state).plus(unrealized(state, mark));
}

/** Money that changed hands for what is held and was held: negative when more was paid than received. */
export function cashOf({
  realizedGross,
  costBasis,
  fees,
}: Omit<PositionState, keyof PositionKey>): Decimal {
  return realizedGross.minus(costBasis).minus(fees);
}

/** What one unit has cost on average; null while nothing is held. */
export function averageCost(state: PositionState): Decimal | null {
  if (state.quantity.isZero()) return null;
  return state.costBasis.dividedBy(state.quantity, AVERAGE_COST_SCALE, "half_even");
}

/** The four sums while one fact is counted. */
interface Holding {
  quantity: Decimal;
  costBasis: Decimal;
  realizedGross: Decimal;
  fees: Decimal;
}

function holdingOf(state: PositionState): Holding {
  const { quantity, costBasis, realizedGross, fees } = state;
  return { quantity, costBasis, realizedGross, fees };
}

function trade(holding: Holding, signed: Decimal, price: Decimal): void {
  const before = holding.quantity.sign();
  if (before === 0 || before === signed.sign()) {
    holding.quantity = holding.quantity.plus(signed);
    holding.costBasis = holding.costBasis.plus(signed.times(price));
    return;
  }
  const after = holding.quantity.plus(signed);
  if (after.sign() === before) closePart(holding, signed, price);
  else closeAll(holding, price);
  holding.quantity = after;
  // Through zero: the rest of the fill opens the other side at the same price.
  if (after.sign() === -before) holding.costBasis = after.times(price);
}

function closePart(holding: Holding, signed: Decimal, price: Decimal): void {
  const released = holding.costBasis
    .times(signed.negated())
    .dividedBy(holding.quantity, RELEASED_COST_SCALE, RELEASED_COST_ROUNDING);
  holding.costBasis = holding.costBasis.minus(released);
  holding.realizedGross = holding.realizedGross.minus(signed.times(price)).minus(released);
}

/** The whole cost is released, so that a flat position has cost exactly nothing. */
function closeAll(holding: Holding, price: Decimal): void {
  const proceeds = holding.quantity.times(price);
  holding.realizedGross = holding.realizedGross.plus(proceeds).minus(holding.costBasis);
  holding.costBasis = Decimal.ZERO;
}

/**
 * Quantity that comes or goes without money (split, fee in kind): the cost stays with what is held.
 * Where nothing is left, or the other side is, nothing is left that could carry it: it is realised.
 */
function moveWithoutPrice(holding: Holding, change: Decimal): void {
  const before = holding.quantity.sign();
  holding.quantity = holding.quantity.plus(change);
  // What was flat has cost nothing, so that nothing is realised there.
  if (holding.quantity.sign() === before) return;
  holding.realizedGross = holding.realizedGross.minus(holding.costBasis);
  holding.costBasis = Decimal.ZERO;
}

/** With a price an adjustment counts like a trade at that price; its cash is a fee, a gain or a cost less. */
function adjust(holding: Holding, adjustment: Adjustment): void {
  const { quantity, price, amount } = adjustment;
  if (price === null) moveWithoutPrice(holding, quantity);
  else trade(holding, quantity, price);
  switch (adjustment.kind) {
    case "fee":
    case "fee_in_kind":
      holding.fees = holding.fees.minus(amount);
      return;
    case "cost":
      reduceCost(holding, amount);
      return;
    default:
      holding.realizedGross = holding.realizedGross.plus(amount);
  }
}

/** What the holding has not cost; beyond what it has cost it is a gain. */
function reduceCost(holding: Holding, amount: Decimal): void {
  const left = holding.costBasis.minus(amount);
  const isCarried = !holding.quantity.isZero() && left.sign() !== -holding.quantity.sign();
  const released = isCarried ? amount : holding.costBasis;
  holding.costBasis = holding.costBasis.minus(released);
  holding.realizedGross = holding.realizedGross.plus(amount.minus(released));
}

/** Since when this side is held without a break: a flip opens anew. */
function openedAt(before: PositionState, after: Decimal, at: number): number | null {
  const side = after.sign();
  if (side === 0) return null;
  return side === before.quantity.sign() ? before.openedAt : at;
}
