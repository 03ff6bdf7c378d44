// An order that lacks only a price waits for it a moment; this says what it is refused for after that.
import type { Refusal } from "../refusal.ts";
import type { RiskAnswer } from "../risk/candidate.ts";

/** The refusal when the order does not wait for a price, or not any longer. */
export function finalRefusal(answer: RiskAnswer): Refusal | null {
  return answer.refusal ?? answer.refusalWithoutPrice;
}
