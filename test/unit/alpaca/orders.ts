// Terms of an order, with what a test does not care about filled in.
import type { OrderTerms } from "../../../src/domain/order/spec.ts";
import { d } from "./fixtures.ts";

export function terms(more: Partial<OrderTerms> = {}): OrderTerms {
  return {
    side: "buy",
    type: "market",
    timeInForce: "day",
    quantity: (more.notional ?? null) === null ? d("10") : null,
    notional: null,
    limitPrice: null,
    stopPrice: null,
    trailPrice: null,
    trailPercent: null,
    extendedHours: false,
    postOnly: false,
    exits: null,
    ...more,
  };
}
