// How a split divides: whatever is held of the share grows or shrinks alike, ours and what is left to others.
import { Decimal } from "../decimal.ts";
import type { InstrumentId, StrategyId } from "../ids.ts";
import type { Draft } from "./draft.ts";
import { othersOf } from "./others.ts";

export interface Divided {
  readonly strategies: readonly { readonly strategyId: StrategyId; readonly part: Decimal }[];
  /** Of strategies and of nobody's strategy together. */
  readonly own: Decimal;
  /** The rest of it, with what rounding leaves. */
  readonly others: Decimal;
}

/** Brokers hold fractions to the ninth decimal. */
const FRACTION = Decimal.of("0.000000001");
/** Finer than any step, so that rounding to the step is all that rounds. */
const PART_SCALE = 18;

/** `change` is the new shares minus the old, of all that the broker holds of the instrument. */
export function divideSplit(draft: Draft, instrumentId: InstrumentId, change: Decimal): Divided {
  const held = draft.held(instrumentId);
  const whole = held.plus(othersOf(draft, instrumentId));
  if (whole.isZero() || change.isZero()) {
    return { strategies: [], own: change, others: Decimal.ZERO };
  }
  const step = stepOf(draft, instrumentId);
  const partOf = (quantity: Decimal): Decimal =>
    quantity.times(change).dividedBy(whole, PART_SCALE, "down").toStep(step, "down");
  const own = held.eq(whole) ? change : partOf(held);
  const strategies = [...draft.accountBook.positions.of(instrumentId)].flatMap(
    ({ strategyId, quantity }) => {
      const part = strategyId === null ? Decimal.ZERO : partOf(quantity);
      return strategyId === null || part.isZero() ? [] : [{ strategyId, part }];
    },
  );
  return { strategies, own, others: change.minus(own) };
}

function stepOf({ context }: Draft, instrumentId: InstrumentId): Decimal {
  const instrument = context.instrument(instrumentId);
  return instrument === undefined || instrument.fractionable ? FRACTION : instrument.lot;
}
