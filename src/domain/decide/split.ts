// How a split divides: whatever is held of the share grows or shrinks alike, ours and what is left to others.
import type { Correction, HeldBefore } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { Explains } from "../event.ts";
import type { InstrumentId, StrategyId } from "../ids.ts";
import type { Adjustment, PositionState } from "../position/state.ts";
import type { Draft } from "./draft.ts";
import type { Moved } from "./draft-holdings.ts";
import { moveOthers, othersOf } from "./others.ts";

interface Divided {
  readonly strategies: {
    readonly parts: readonly (readonly [StrategyId, Decimal])[];
    readonly sum: Decimal;
  };
  /** Of strategies and of nobody's strategy together. */
  readonly own: Decimal;
  /** The rest of it, with what rounding leaves. */
  readonly others: Decimal;
}

/** Brokers hold fractions to the ninth decimal. */
const FRACTION = Decimal.of("0.000000001");
/** Finer than any step, so that rounding to the step is all that rounds. */
const PART_SCALE = 18;

type Split = Omit<Adjustment, "strategyId">;

/** Its quantity is the new shares minus the old, of all that the broker holds of the instrument. */
export function recordSplit(draft: Draft, split: Split): void {
  const divided = divide(draft, split, heldAt(draft, split) ?? heldNow(draft, split.instrumentId));
  record(draft, split, { ...divided, nobodys: divided.own.minus(divided.strategies.sum) });
}

/**
 * The shares were counted before anybody knew whose they are, as nobody's or, where they went, as whoever
 * had them, or as another's: each has in the end what a split of what was held before makes of it. Now and
 * not when the split was, or the facts before it would be counted with what came later.
 */
export function shareOut(draft: Draft, split: Split, correction: Correction): void {
  const { id, isOthers, before } = correction;
  const { quantity } = split;
  const now = heldNow(draft, split.instrumentId);
  const held = before ?? { ...now, net: now.net.minus(quantity) };
  const divided = divide(draft, split, held);
  const { others, strategies } = divided;
  // Of what nobody held nobody has a share: it stays where it is.
  const own = held.net.isZero() ? Decimal.ZERO : divided.own;
  // All of it is with us by now, or with them.
  const ours = isOthers ? own : others.negated();
  const theirs = isOthers ? own.negated() : others;
  const nobodys = ours.minus(strategies.sum);
  const told = { ...split, at: draft.now };
  record(draft, told, { ...divided, nobodys, others: theirs }, { correction: id, quantity });
}

function heldNow(draft: Draft, instrumentId: InstrumentId): HeldBefore {
  const net = draft.held(instrumentId);
  const shares = sharesOf(
    draft.accountBook.positions.of(instrumentId),
    draft.holdings.moves(instrumentId),
  );
  return { net, others: othersOf(draft, instrumentId), shares };
}

/**
 * What was held and left when it happened, by the broker's instants. Null where that cannot be known: behind
 * a correction, since what it found may have been there before, behind more facts than are at hand, and
 * where what was there then is no whole that it could be a split of.
 */
function heldAt(draft: Draft, { instrumentId, at, kind, quantity }: Split): HeldBefore | null {
  const { positions, corrected, othersMoved } = draft.accountBook;
  if (kind !== "split" || corrected.get(instrumentId)?.some((each) => each.at > at)) return null;
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
  const whole = net.plus(others);
  if (whole.isZero() || whole.plus(quantity).sign() !== whole.sign()) return null;
  return { net, others, shares: sharesOf(holding.shares.values(), moves) };
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

function record(
  draft: Draft,
  split: Split,
  divided: Divided & { readonly nobodys: Decimal },
  explains?: Explains,
): void {
  const { id, instrumentId, source } = split;
  const { strategies, others, nobodys: quantity } = divided;
  for (const [strategyId, part] of strategies.parts) {
    const share = { id: `${id}@${strategyId}`, strategyId, quantity: part, amount: Decimal.ZERO };
    draft.record({ type: "PositionAdjusted", adjustment: { ...split, ...share } });
  }
  draft.record({
    type: "PositionAdjusted",
    adjustment: { ...split, strategyId: null, quantity },
    ...(explains !== undefined && { explains }),
  });
  if (others.isZero()) return;
  const whole = split.quantity.toString();
  const reason = `${source} ${id}: ${others.toString()} of ${whole} with what rounding leaves`;
  moveOthers(draft, { instrumentId, moved: others, reason, since: split.at });
}

function divide(
  draft: Draft,
  { instrumentId, quantity: change }: Split,
  { net, others, shares }: HeldBefore,
): Divided {
  const whole = net.plus(others);
  if (whole.isZero() || change.isZero()) {
    return { strategies: { parts: [], sum: Decimal.ZERO }, own: change, others: Decimal.ZERO };
  }
  const step = stepOf(draft, instrumentId);
  const partOf = (quantity: Decimal): Decimal =>
    quantity.times(change).dividedBy(whole, PART_SCALE, "down").toStep(step, "down");
  const own = net.eq(whole) ? change : partOf(net);
  const parts = [...shares]
    .map(([id, { held, moved }]) => [id, partOf(held).minus(moved)] as const)
    .filter(([, part]) => !part.isZero());
  const sum = Decimal.sum(parts.map(([, part]) => part));
  return { strategies: { parts, sum }, own, others: change.minus(own) };
}

function stepOf({ context }: Draft, instrumentId: InstrumentId): Decimal {
  const instrument = context.instrument(instrumentId);
  return instrument === undefined || instrument.fractionable ? FRACTION : instrument.lot;
}
