// The broker does not trade it: neither a limit nor an exit changes that.
import { pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const instrumentNotTradable: RiskRule = {
  code: "instrument_not_tradable",
  refusesExits: true,
  limit: null,
  check({ instrument }) {
    if (instrument.tradable) return pass();
    return refuse(`${instrument.symbol} cannot be traded at the broker now`, {
      symbol: instrument.symbol,
    });
  },
};
