// Most instruments an account may hold or be about to hold.
import { checkCount } from "../count-limit.ts";
import { OFF } from "../rule.ts";
import type { RiskRule } from "../rule.ts";

export const maxPositions: RiskRule = {
  code: "max_positions",
  refusesExits: false,
  limit: "max_positions",
  check({ limits, sums, instrument }) {
    const most = limits.max_positions;
    if (most === null) return OFF;
    return checkCount({
      key: "max_positions",
      present: sums.instrumentCount,
      added: sums.has(instrument.id) ? 0 : 1,
      most,
      what: "instruments are held or about to be",
    });
  },
};
