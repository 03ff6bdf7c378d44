// Shares that an entry of the broker's ledger brings or takes away, other than by a split: theirs first where
// others hold some, since what we do ourselves comes as fills. What goes without a price leaves at what it
// had cost, and what was taken back comes back as it went. And cash that it brings or takes for what is held.
import { Decimal } from "../decimal.ts";
import { averageCost } from "../position/fold.ts";
import type { Adjustment } from "../position/state.ts";
import type { Draft } from "./draft.ts";
import { heldAt, heldNow, ownCash } from "./held-at.ts";
import { moveOthers, nameOfTheirs, othersOf, partOfOthers, payOthers } from "./others.ts";
import { recordValue } from "./value.ts";

export interface Move extends Omit<Adjustment, "strategyId"> {
  /** The adjustment that this one takes back. */
  readonly undoes: string | null;
  /** What the broker says was paid on average for all that it holds. */
  readonly averagePrice: Decimal | null;
  /** Charged for a trade, not for what is held. */
  readonly isOfTrade: boolean;
}

/** Brokers post the fees of a day at its end. */
const FEES_WITHIN_MS = 2 * 24 * 60 * 60_000;

export function recordMove(draft: Draft, move: Move): void {
  if (move.quantity.isZero()) {
    recordCash(draft, move);
    return;
  }
  const theirs = partOfTheirs(draft, move);
  if (theirs.isZero()) {
    recordOurs(draft, move);
    return;
  }
  const quantity = move.quantity.minus(theirs);
  const amount = ownCash(move.amount, { net: quantity, others: theirs });
  // Recorded where nothing of it is ours, too: by this it is known.
  recordOurs(draft, { ...move, quantity, amount });
  moveTheirs(draft, move, { theirs, amount: move.amount.minus(amount) });
}

/** What is held stays as it is: of dividends and charges each has as much as it holds. */
function recordCash(draft: Draft, move: Move): void {
  const amount = partOfOurs(draft, move);
  const theirs = move.amount.minus(amount);
  recordOurs(draft, { ...move, amount });
  if (!theirs.isZero()) payOthers(draft, { ...move, amount: theirs });
}

function partOfOurs(draft: Draft, move: Move): Decimal {
  const { amount, instrumentId, undoes } = move;
  if (undoes !== null) {
    if (!draft.accountBook.adjustments.has(nameOfTheirs(undoes))) return amount;
    const before = draft.accountBook.ours.get(undoes);
    if (before !== undefined) return before.amount.negated();
  }
  if (move.isOfTrade) {
    if (mayBeOurFee(draft, move)) return amount;
    if (mayBeTheirFee(draft, move)) return Decimal.ZERO;
  }
  const then = heldAt(draft, move);
  // A dividend is paid long after the day that it is paid for: all may be gone by then.
  const isKnown = then !== null && !(then.net.isZero() && then.others.isZero());
  return ownCash(amount, isKnown ? then : heldNow(draft, instrumentId));
}

function partOfTheirs(draft: Draft, move: Move): Decimal {
  const { instrumentId, quantity, undoes, kind } = move;
  if (undoes !== null) {
    if (!draft.accountBook.adjustments.has(nameOfTheirs(undoes))) return Decimal.ZERO;
    const ours = draft.accountBook.ours.get(undoes)?.quantity ?? Decimal.ZERO;
    return quantity.plus(ours);
  }
  const others = othersOf(draft, instrumentId);
  if (kind === "fee_in_kind" && mayBeOurFee(draft, move)) {
    const ours = partOfOthers(draft.held(instrumentId), quantity);
    return partOfOthers(others, quantity.minus(ours));
  }
  return partOfOthers(others, quantity);
}

/** Where nothing of ours was traded, what is charged is for a trade of theirs. */
function mayBeOurFee({ accountBook, holdings }: Draft, { instrumentId, at }: Move): boolean {
  const filled = accountBook.lastFill.get(instrumentId);
  const fills = holdings.moves(instrumentId).filter(({ isFill }) => isFill);
  return [filled, ...fills].some((fill) => fill !== undefined && at - fill.at <= FEES_WITHIN_MS);
}

function mayBeTheirFee(draft: Draft, { instrumentId, at }: Move): boolean {
  if (!othersOf(draft, instrumentId).isZero()) return true;
  const before = draft.accountBook.othersMoved.get(instrumentId) ?? [];
  const moves = [...before, ...draft.holdings.othersMoves(instrumentId)];
  return moves.some((move) => at - move.at <= FEES_WITHIN_MS);
}

function recordOurs(draft: Draft, move: Move): void {
  const { id, kind, instrumentId, quantity, amount, source } = move;
  const isPriced = move.price !== null || quantity.isZero() || move.kind !== "transfer";
  const price = isPriced ? move.price : priceOf(draft, move);
  // What was paid for it came for what it had cost: the rest is the gain.
  const isPaid = !isPriced && price !== null && amount.sign() === -quantity.sign();
  // What a correction had, and what is not at hand any more, is taken back now: then it was not there.
  const isLate = move.undoes !== null && factOf(draft, move)?.quantity.isZero() !== false;
  const at = isLate ? draft.now : move.at;
  const gain = isPaid ? amount.plus(quantity.times(price)) : amount;
  const told = { id, kind, instrumentId, strategyId: null, source, at };
  draft.record({
    type: "PositionAdjusted",
    adjustment: { ...told, quantity, price, amount: gain },
  });
  if (!isPaid) recordValue(draft, { ...move, at, price });
}

/** What it is worth that nobody told a price of: null where it comes, it has cost nothing then. */
function priceOf(draft: Draft, move: Move): Decimal | null {
  const position = draft.holdings.position(move.instrumentId);
  const isLess = position !== undefined && position.quantity.sign() === -move.quantity.sign();
  if (move.undoes === null) return isLess ? averageCost(position) : null;
  const before = factOf(draft, move);
  if (before !== undefined && !before.quantity.isZero()) return before.price;
  // It was in a correction, or is not at hand any more: as much as the rest of it, for want of a better word.
  return isLess ? averageCost(position) : move.averagePrice;
}

/** What was recorded of it, as far as that is still at hand. */
function factOf({ accountBook }: Draft, { instrumentId, undoes }: Move): Adjustment | undefined {
  const fact = undoes === null ? undefined : accountBook.positions.recent(instrumentId, undoes);
  return fact?.kind === "adjustment" ? fact.adjustment : undefined;
}

function moveTheirs(
  draft: Draft,
  move: Move,
  { theirs, amount: paid }: { readonly theirs: Decimal; readonly amount: Decimal },
): void {
  const { id, instrumentId, source, at: since } = move;
  moveOthers(draft, { instrumentId, moved: theirs, reason: `${source} ${id}`, since });
  payOthers(draft, { ...move, amount: paid });
}
