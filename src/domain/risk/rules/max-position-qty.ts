// Largest quantity of one position, counting what is on its way.
import { checkPositionLimit } from "../position-limit.ts";
import type { PositionLimit } from "../position-limit.ts";
import type { RiskRule } from "../rule.ts";

const LIMIT: PositionLimit = {
  key: "max_position_qty",
  measure: (subject, own) => (own ? subject.ownReachedQuantity() : subject.reachedQuantity()),
  bound: (_subject, value) => value,
  unit: ({ instrument }) => (instrument.assetClass === "stock" ? "shares" : "units"),
};

export const maxPositionQty: RiskRule = {
  code: "max_position_qty",
  refusesExits: false,
  limit: "max_position_qty",
  check: (subject) => checkPositionLimit(subject, LIMIT),
};
