// How a split divides: whatever is held of the share grows or shrinks alike, ours and what is left to others.
import type { Correction, HeldBefore } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { Explains } from "../event.ts";
import type { InstrumentId, StrategyId } from "../ids.ts";
import type { Adjustment } from "../position/state.ts";
import type { Draft } from "./draft.ts";
import { heldAt, heldNow, ownCash } from "./held-at.ts";
import { moveOthers, payOthers } from "./others.ts";

interface Divided {
  readonly strategies: {
    readonly parts: readonly (readonly [StrategyId, Decimal])[];
    readonly sum: Decimal;
  };
  /** Of strategies and of nobody's strategy together. */
  readonly own: Decimal;
  /** The rest of it, with what rounding leaves. */
  readonly others: Decimal;
  /** Of the cash that came with it. */
  readonly ownAmount: Decimal;
}

/** Brokers hold fractions to the ninth decimal. */
const FRACTION = Decimal.of("0.000000001");
/** Finer than any step, so that rounding to the step is all that rounds. */
const PART_SCALE = 18;

type Split = Omit<Adjustment, "strategyId">;

/** Its quantity is the new shares minus the old, of all that the broker holds of the instrument. */
export function recordSplit(draft: Draft, split: Split): void {
  const divided = divide(
    draft,
    split,
    heldBefore(draft, split) ?? heldNow(draft, split.instrumentId),
  );
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

/**
 * What was held and left when it happened. Null where that cannot be known, and where what was there then is
 * no whole that it could be a split of.
 */
function heldBefore(draft: Draft, split: Split): HeldBefore | null {
  if (split.kind !== "split") return null;
  const held = heldAt(draft, split);
  if (held === null) return null;
  const whole = held.net.plus(held.others);
  return whole.isZero() || whole.plus(split.quantity).sign() !== whole.sign() ? null : held;
}

function record(
  draft: Draft,
  split: Split,
  divided: Divided & { readonly nobodys: Decimal },
  explains?: Explains,
): void {
  const { id, instrumentId, source } = split;
  const { strategies, others, nobodys: quantity, ownAmount: amount } = divided;
  for (const [strategyId, part] of strategies.parts) {
    const share = { id: `${id}@${strategyId}`, strategyId, quantity: part, amount: Decimal.ZERO };
    draft.record({ type: "PositionAdjusted", adjustment: { ...split, ...share } });
  }
  draft.record({
    type: "PositionAdjusted",
    adjustment: { ...split, strategyId: null, quantity, amount },
    ...(explains !== undefined && { explains }),
  });
  const theirs = split.amount.minus(amount);
  if (!theirs.isZero()) payOthers(draft, { ...split, amount: theirs });
  if (others.isZero()) return;
  const whole = split.quantity.toString();
  const reason = `${source} ${id}: ${others.toString()} of ${whole} with what rounding leaves`;
  moveOthers(draft, { instrumentId, moved: others, reason, since: split.at });
}

function divide(
  draft: Draft,
  { instrumentId, quantity: change, amount }: Split,
  held: HeldBefore,
): Divided {
  const { net, others, shares } = held;
  const whole = net.plus(others);
  const ownAmount = ownCash(amount, held);
  if (whole.isZero() || change.isZero()) {
    const strategies = { parts: [], sum: Decimal.ZERO };
    return { strategies, own: change, others: Decimal.ZERO, ownAmount };
  }
  const step = stepOf(draft, instrumentId);
  const partOf = (quantity: Decimal): Decimal =>
    quantity.times(change).dividedBy(whole, PART_SCALE, "down").toStep(step, "down");
  const own = net.eq(whole) ? change : partOf(net);
  const parts = [...shares]
    .map(([id, share]) => [id, partOf(share.held).minus(share.moved)] as const)
    .filter(([, part]) => !part.isZero());
  const sum = Decimal.sum(parts.map(([, part]) => part));
  return { strategies: { parts, sum }, own, others: change.minus(own), ownAmount };
}

function stepOf({ context }: Draft, instrumentId: InstrumentId): Decimal {
  const instrument = context.instrument(instrumentId);
  return instrument === undefined || instrument.fractionable ? FRACTION : instrument.lot;
}
