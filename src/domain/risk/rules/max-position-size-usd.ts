// Largest value of one position: filled, working, held and on its way together, at worst.
import type { Decimal } from "../../decimal.ts";
import { checkPositionLimit } from "../position-limit.ts";
import type { PositionLimit } from "../position-limit.ts";
import { isMissing } from "../rule.ts";
import type { MissingInput, RiskRule } from "../rule.ts";
import type { Subject } from "../subject.ts";

const LIMIT: PositionLimit = {
  key: "max_position_size_usd",
  measure(subject, own): Decimal | MissingInput {
    const value = own ? subject.ownReachedValue() : subject.reachedValue();
    return isMissing(value) ? value : subject.inLimitCurrency(value);
  },
  bound: (_subject: Subject, value) => value,
  unit: () => "USD",
};

export const maxPositionSizeUsd: RiskRule = {
  code: "max_position_size_usd",
  refusesExits: false,
  limit: "max_position_size_usd",
  check: (subject) => checkPositionLimit(subject, LIMIT),
};
