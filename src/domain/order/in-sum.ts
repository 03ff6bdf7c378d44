// A fill that is told late, and is in the broker's sum already under a name that we know it by only from the word
// that it was taken back or corrected: what was told later leaves no room for it.
import { Decimal } from "../decimal.ts";
import type { BookedExecution, Execution, OrderState } from "./state.ts";

/**
 * A correction says how much is filled with it, and so does every fill. What counts now and happened before was
 * in that sum then: where it would come to more with one more, that one is in there. Only while a name is void
 * whose fill never came, so that there is one that could be meant.
 */
export function isInSum(
  { voidedExecutions }: OrderState,
  execution: Execution,
  siblings: readonly BookedExecution[],
): boolean {
  const isAwaited = voidedExecutions.some((id) => siblings.every((known) => known.id !== id));
  if (!isAwaited) return false;
  return siblings.some((known) => {
    const sum = known.cumulativeQuantity;
    if (sum === null || !isBehind(known, sum, execution)) return false;
    const before = siblings.filter((other) => other.executedAt < known.executedAt);
    const counting = [...before, known].filter(({ busted }) => !busted);
    const counted = Decimal.sum(counting.map(({ quantity }) => quantity));
    return counted.plus(execution.quantity).gt(sum);
  });
}

/** Of one instant the sums say what came first: a correction may bear the very instant of its fill. */
function isBehind(known: BookedExecution, sum: Decimal, execution: Execution): boolean {
  if (known.executedAt !== execution.executedAt) return known.executedAt > execution.executedAt;
  const from = execution.cumulativeQuantity?.minus(execution.quantity);
  return !known.busted && from?.lt(sum) === true;
}
