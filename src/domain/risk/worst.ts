// What the chain said of several orders that are one wish (the two halves of a flip), as one answer: of
// each rule the verdict that stands in the way the most, so that no half's numbers are hidden.
import { RULE_CODES } from "../refusal.ts";
import type { Verdict, VerdictResult } from "../refusal.ts";
import type { RiskAnswer } from "./candidate.ts";

const WEIGHT: Readonly<Record<VerdictResult, number>> = {
  off: 0,
  pass: 1,
  warn: 2,
  shadow: 3,
  refuse: 4,
};

/** The refusal is that of the first rule, in the fixed order, by which any of them is refused. */
export function worstOf(
  first: RiskAnswer,
  others: readonly RiskAnswer[],
): Pick<RiskAnswer, "verdicts" | "refusal" | "mark"> {
  let { refusal } = first;
  let { verdicts } = first;
  for (const other of others) {
    verdicts = verdicts.map((verdict, index) => worse(verdict, other.verdicts[index]));
    if (placeOf(other) < placeOf({ refusal })) ({ refusal } = other);
  }
  return { verdicts, refusal, mark: first.mark };
}

const ORDER: ReadonlyMap<string, number> = new Map(RULE_CODES.map((code, index) => [code, index]));

function placeOf({ refusal }: Pick<RiskAnswer, "refusal">): number {
  if (refusal === null) return Number.POSITIVE_INFINITY;
  return ORDER.get(refusal.code) ?? -1;
}

/** Every answer has every rule, in the same order. */
function worse(one: Verdict, other: Verdict | undefined): Verdict {
  if (other === undefined) return one;
  const difference = WEIGHT[other.result] - WEIGHT[one.result];
  if (difference !== 0) return difference > 0 ? other : one;
  if (other.head === null) return one;
  return one.head === null || other.head.lt(one.head) ? other : one;
}
