// The most that one order may ask for: shared by the limits for stocks and for crypto. An order that goes
// through zero leaves in two halves and is still one.
import type { AssetClass } from "../../instrument.ts";
import { OFF, pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export function maxOrderQuantity(
  key: "max_order_qty_stock" | "max_order_qty_crypto",
  assetClass: AssetClass,
): RiskRule {
  return {
    code: key,
    refusesExits: false,
    limit: key,
    check(subject) {
      const most = subject.limits[key];
      if (most === null || subject.instrument.assetClass !== assetClass) return OFF;
      const quantity = subject.askedQuantity();
      if (quantity === null) return subject.noPrice();
      const numbers = { quantity: quantity.toString(), limit: most.toString() };
      if (quantity.lte(most)) return pass(numbers, most.minus(quantity));
      return refuse(
        `the order is for ${numbers.quantity} ${subject.instrument.symbol}, and ${key} is ${numbers.limit}`,
        numbers,
        most.minus(quantity),
      );
    },
  };
}
