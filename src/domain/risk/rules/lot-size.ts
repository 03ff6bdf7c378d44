// Quantities stand on the venue's lots. Fractions and amounts of money go where the broker takes them.
import { pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

/** Nobody counts finer than billionths, fractions of shares included. */
const FINEST_SCALE = 9;

export const lotSize: RiskRule = {
  code: "lot_size",
  refusesExits: true,
  limit: null,
  check({ instrument, terms }) {
    const { symbol, lot, fractionable, minQuantity, maxQuantity } = instrument;
    const { quantity } = terms;
    if (quantity === null) {
      if (fractionable || instrument.assetClass === "crypto") return pass();
      return refuse(`${symbol} trades in whole lots, so it takes a quantity and no notional`);
    }
    if (quantity.scale() > FINEST_SCALE) {
      return refuse(
        `quantity ${quantity.toString()} of ${symbol} has more than ${FINEST_SCALE} decimals`,
        {
          quantity: quantity.toString(),
        },
      );
    }
    const numbers = { quantity: quantity.toString(), lot: lot.toString() };
    if (!fractionable && !quantity.isMultipleOf(lot)) {
      return refuse(
        `quantity ${numbers.quantity} of ${symbol} is not a multiple of ${numbers.lot}`,
        numbers,
      );
    }
    if (minQuantity !== null && quantity.lt(minQuantity)) {
      const least = minQuantity.toString();
      return refuse(`quantity ${numbers.quantity} of ${symbol} is below the least of ${least}`, {
        ...numbers,
        least,
      });
    }
    if (maxQuantity !== null && quantity.gt(maxQuantity)) {
      const most = maxQuantity.toString();
      return refuse(
        `quantity ${numbers.quantity} of ${symbol} is above the venue's most, ${most}`,
        {
          ...numbers,
          most,
        },
      );
    }
    return pass();
  },
};
