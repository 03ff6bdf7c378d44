// How a split divides: whatever is held of the share grows or shrinks alike, ours and what is left to others.
import { Decimal } from "../decimal.ts";
import type { InstrumentId, StrategyId } from "../ids.ts";
import type { Adjustment } from "../position/state.ts";
import type { Draft } from "./draft.ts";
import { leaveToOthers, othersOf } from "./others.ts";

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
  const divided = divide(draft, split, draft.held(split.instrumentId));
  record(draft, split, { ...divided, nobodys: divided.own.minus(divided.strategies.sum) });
}

/**
 * The shares were counted before anybody knew whose they are, as nobody's: they go where they belong.
 * Now and not when the split was, or the facts before it would be counted with what came later.
 */
export function shareOut(draft: Draft, split: Split): void {
  const { instrumentId, quantity } = split;
  const before = draft.held(instrumentId).minus(quantity);
  const divided = divide(draft, split, before);
  const nobodys = divided.others.plus(divided.strategies.sum).negated();
  record(draft, { ...split, at: draft.now }, { ...divided, nobodys });
}

function record(draft: Draft, split: Split, divided: Divided & { readonly nobodys: Decimal }) {
  const { id, instrumentId, source } = split;
  const { strategies, others, nobodys: quantity } = divided;
  for (const [strategyId, part] of strategies.parts) {
    const share = { id: `${id}@${strategyId}`, strategyId, quantity: part, amount: Decimal.ZERO };
    draft.record({ type: "PositionAdjusted", adjustment: { ...split, ...share } });
  }
  draft.record({ type: "PositionAdjusted", adjustment: { ...split, strategyId: null, quantity } });
  if (others.isZero()) return;
  const amount = othersOf(draft, instrumentId).plus(others);
  const whole = split.quantity.toString();
  const reason = `${source} ${id}: ${others.toString()} of ${whole} with what rounding leaves`;
  leaveToOthers(draft, { instrumentId, amount, reason });
}

function divide(draft: Draft, { instrumentId, quantity: change }: Split, held: Decimal): Divided {
  const whole = held.plus(othersOf(draft, instrumentId));
  if (whole.isZero() || change.isZero()) {
    return { strategies: { parts: [], sum: Decimal.ZERO }, own: change, others: Decimal.ZERO };
  }
  const step = stepOf(draft, instrumentId);
  const partOf = (quantity: Decimal): Decimal =>
    quantity.times(change).dividedBy(whole, PART_SCALE, "down").toStep(step, "down");
  const own = held.eq(whole) ? change : partOf(held);
  const parts: [StrategyId, Decimal][] = [];
  for (const { strategyId, quantity } of draft.accountBook.positions.of(instrumentId)) {
    const part = strategyId === null ? Decimal.ZERO : partOf(quantity);
    if (strategyId !== null && !part.isZero()) parts.push([strategyId, part]);
  }
  const sum = Decimal.sum(parts.map(([, part]) => part));
  return { strategies: { parts, sum }, own, others: change.minus(own) };
}

function stepOf({ context }: Draft, instrumentId: InstrumentId): Decimal {
  const instrument = context.instrument(instrumentId);
  return instrument === undefined || instrument.fractionable ? FRACTION : instrument.lot;
}
