// Lists of what may, and what may not, be entered.
import { OFF, pass, refuseBy } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const symbolAllowed: RiskRule = {
  code: "symbol_allowed",
  refusesExits: false,
  limit: "symbols_allowed",
  check({ instrument: { symbol, id }, limits }) {
    const { symbols_allowed: allowed, symbols_denied: denied } = limits;
    if (allowed === null && denied === null) return OFF;
    const isIn = (list: ReadonlySet<string>): boolean => list.has(symbol) || list.has(id);
    if (denied !== null && isIn(denied)) {
      return refuseBy("symbols_denied", `${symbol} is on the list of denied symbols`, { symbol });
    }
    if (allowed === null || isIn(allowed)) return pass();
    return refuseBy("symbols_allowed", `${symbol} is not on the list of allowed symbols`, {
      symbol,
    });
  },
};
