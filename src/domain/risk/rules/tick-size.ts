// Prices stand on the venue's steps, or the venue refuses them.
import type { Decimal } from "../../decimal.ts";
import { tickAt } from "../../instrument.ts";
import type { OrderTerms } from "../../order/spec.ts";
import { pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const tickSize: RiskRule = {
  code: "tick_size",
  refusesExits: true,
  limit: null,
  check({ instrument, terms }) {
    for (const [name, price] of pricesOf(terms)) {
      if (price === null) continue;
      const tick = tickAt(instrument, price);
      if (price.isMultipleOf(tick)) continue;
      return refuse(
        `${name} ${price.toString()} is not on the price step of ${tick.toString()} of ${instrument.symbol}`,
        { [name]: price.toString(), tick: tick.toString() },
      );
    }
    return pass();
  },
};

export function pricesOf(terms: OrderTerms): readonly (readonly [string, Decimal | null])[] {
  const { exits } = terms;
  const own = [
    ["limit_price", terms.limitPrice],
    ["stop_price", terms.stopPrice],
  ] as const;
  if (exits === null) return own;
  return [
    ...own,
    ["take_profit.limit_price", exits.takeProfit?.limitPrice ?? null],
    ["stop_loss.stop_price", exits.stopLoss?.stopPrice ?? null],
    ["stop_loss.limit_price", exits.stopLoss?.limitPrice ?? null],
  ];
}
