// Limits that count: what there is, what this decision adds, and how many there may be.
import { Decimal } from "../decimal.ts";
import type { LimitKey } from "../limits.ts";
import { pass, refuse } from "./rule.ts";
import type { Outcome } from "./rule.ts";

export interface Count {
  readonly key: LimitKey;
  readonly present: number;
  readonly added: number;
  readonly most: number;
  /** For the message: "orders are open". */
  readonly what: string;
}

export function checkCount({ key, present, added, most, what }: Count): Outcome {
  const numbers = { present, added, limit: most };
  const head = Decimal.ofInteger(most - present - added);
  if (added === 0 || !head.isNegative()) return pass(numbers, head);
  return refuse(`${present} ${what}, this adds ${added}, and ${key} is ${most}`, numbers, head);
}
