// A key's own ceiling, beside the limits of the account: what one order of it may be worth.
import type { Decimal } from "../domain/decimal.ts";
import type { Side } from "../domain/order/spec.ts";
import { Problem } from "./problem.ts";
import type { Sender } from "./sender.ts";

export interface Priced {
  /** Null for a target position, which may be reached from either side. */
  readonly side: Side | null;
  /** Beside a notional, or null where it depends on a holding that nobody knows. */
  readonly quantity: Decimal | null;
  readonly notional: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
  /** What the sender can make smaller. */
  readonly field: string;
}

export function requireCap(
  { maxNotional }: Pick<Sender, "maxNotional">,
  order: Priced,
  price: Decimal | null,
): void {
  if (maxNotional === null) return;
  const worth = worthOf(order, price);
  if (worth === null) {
    throw new Problem(
      "exceeds_key_limit",
      "This key has a largest amount per order, and no price or holding is known to measure this one by.",
    );
  }
  if (worth.lte(maxNotional)) return;
  throw new Problem(
    "exceeds_key_limit",
    `This order may be worth ${worth.toString()}, and this key may send at most ${maxNotional.toString()}.`,
    { fields: [{ field: order.field, message: "is too much" }] },
  );
}

/**
 * Only a purchase is bounded by its limit. A sale below the market, or a stop that the market has
 * passed, trades at the market's price whatever it names: the larger of the two counts.
 */
function worthOf(order: Priced, price: Decimal | null): Decimal | null {
  const { side, quantity, notional, limitPrice, stopPrice } = order;
  if (notional !== null) return notional;
  if (quantity === null) return null;
  if (side === "buy" && limitPrice !== null) return quantity.times(limitPrice);
  if (price === null) return null;
  const named = limitPrice ?? stopPrice;
  return quantity.times(named !== null && named.gt(price) ? named : price);
}
