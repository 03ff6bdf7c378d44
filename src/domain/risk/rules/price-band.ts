// The day's floor and ceiling, where the venue has them.
import { OFF, pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";
import { pricesOf } from "./tick-size.ts";

export const priceBand: RiskRule = {
  code: "price_band",
  refusesExits: false,
  limit: null,
  check({ instrument, terms }) {
    const band = instrument.priceBand;
    if (band === null) return OFF;
    for (const [name, price] of pricesOf(terms)) {
      if (price === null || (price.gte(band.floor) && price.lte(band.ceiling))) continue;
      const floor = band.floor.toString();
      const ceiling = band.ceiling.toString();
      return refuse(
        `${name} ${price.toString()} is outside the day's band of ${floor} to ${ceiling}`,
        { [name]: price.toString(), floor, ceiling },
      );
    }
    return pass();
  },
};
