// More filled than was asked for: flagged whatever brought it about, a fill, a correction or a change that
// came behind the fills. It stays flagged when a bust takes it back: somebody should have looked.
import { Decimal } from "../decimal.ts";
import type { OrderFacts } from "./answer.ts";

/**
 * An order for an amount of money is filled at the price of its fills, and the broker fixed the quantity
 * at another: within this much of the amount that is no mistake.
 */
const NOTIONAL_TOLERANCE = Decimal.of("1.1");

/** True when there is more than there should be. */
export function flagOverfill(facts: OrderFacts): boolean {
  const { terms, filledQuantity, filledNotional } = facts.state;
  const { quantity, notional } = terms;
  if (quantity !== null && filledQuantity.gt(quantity)) {
    facts.flag("overfill", `${filledQuantity} filled of ${quantity}.`);
    return true;
  }
  if (notional !== null && filledNotional.gt(notional.times(NOTIONAL_TOLERANCE))) {
    facts.flag("overfill", `Filled for ${filledNotional}, and asked for was ${notional}.`);
    return true;
  }
  return false;
}
