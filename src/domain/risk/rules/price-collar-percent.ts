// How far a limit price may lie from the market, on the side that costs: a slipped digit.
import { Decimal } from "../../decimal.ts";
import { valuationPrice } from "../../market.ts";
import { percentOf } from "../price.ts";
import { OFF, pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";
import type { Subject } from "../subject.ts";

export const priceCollarPercent: RiskRule = {
  code: "price_collar_percent",
  refusesExits: false,
  limit: "price_collar_percent",
  check(subject) {
    const percent = subject.limits.price_collar_percent;
    const price = subject.terms.limitPrice;
    if (percent === null || price === null) return OFF;
    const anchor = anchorOf(subject);
    if (anchor === null) return subject.noPrice();

    const buys = subject.side === "buy";
    const share = buys ? Decimal.HUNDRED.plus(percent) : Decimal.HUNDRED.minus(percent);
    const bound = percentOf(share, anchor);
    const head = buys ? bound.minus(price) : price.minus(bound);
    const numbers = { limit_price: price.toString(), bound: bound.toString() };
    if (!head.isNegative()) return pass(numbers, head);
    return refuse(
      `limit_price ${numbers.limit_price} is ${buys ? "above" : "below"} ${numbers.bound}, ` +
        `${percent.toString()} percent from ${anchor.toString()} (price_collar_percent)`,
      numbers,
      head,
    );
  },
};

/** A stop-limit order becomes a limit order at its stop, so that is where its limit is measured. */
function anchorOf({ mark, terms, side }: Subject): Decimal | null {
  const last = mark === null ? null : valuationPrice(mark);
  if (last === null || terms.stopPrice === null) return last;
  const isFurther = side === "buy" ? terms.stopPrice.gt(last) : terms.stopPrice.lt(last);
  return isFurther ? terms.stopPrice : last;
}
