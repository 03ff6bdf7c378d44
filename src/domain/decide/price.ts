// Whether a price is all that an order lacks: then it is asked for and the order waits for it a moment.
import type { InstrumentId } from "../ids.ts";
import type { RiskAnswer } from "../risk/candidate.ts";

/** The prices to ask for, or null when something else is wrong, or nothing. */
export function lackingPrices(
  answer: RiskAnswer,
  instrumentId: InstrumentId,
): readonly InstrumentId[] | null {
  if (answer.refusal === null) return null;
  if (answer.missingPrice) {
    return answer.wantedMarks.length > 0 ? answer.wantedMarks : [instrumentId];
  }
  // A price that is too old is one that is missing: the poller's next one decides.
  const refusals = answer.verdicts.filter(({ result }) => result === "refuse");
  const isOld = refusals.every(({ rule }) => rule === "quote_age_max_ms");
  return isOld ? [instrumentId] : null;
}

/** What stands in an order's way for good; a price that can still come does not. */
export function isRefused(answer: RiskAnswer, instrumentId: InstrumentId): boolean {
  return answer.refusal !== null && lackingPrices(answer, instrumentId) === null;
}
