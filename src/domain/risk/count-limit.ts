// Limits that count: what there is, what this decision adds, and how many there may be. Counted twice: for the
// account and, where a strategy has a row of its own, among what is the strategy's.
import { Decimal } from "../decimal.ts";
import type { StrategyId } from "../ids.ts";
import type { OwnCountKey } from "../limits.ts";
import { isMissing, OFF, pass, refuse, tighter } from "./rule.ts";
import type { MissingInput, Outcome } from "./rule.ts";
import type { Subject } from "./subject.ts";

export interface Count {
  readonly present: number;
  readonly added: number;
}

export interface CountLimit {
  readonly key: OwnCountKey;
  /** For the message: "orders are open". */
  readonly what: string;
  /** Of the account, or of one strategy. */
  count(subject: Subject, strategyId: StrategyId | null): Count | MissingInput;
}

export function checkCountLimit(subject: Subject, limit: CountLimit): Outcome {
  const { limits, candidate } = subject;
  const all = judge(subject, limit, limits[limit.key], null);
  if (all.kind === "refuse" || all.kind === "missing") return all;
  const own = judge(subject, limit, limits.own?.[limit.key] ?? null, candidate.strategyId);
  return tighter(all, own);
}

function judge(
  subject: Subject,
  { key, what, count }: CountLimit,
  most: number | null,
  strategyId: StrategyId | null,
): Outcome {
  if (most === null) return OFF;
  const counted = count(subject, strategyId);
  if (isMissing(counted)) return counted;
  const { present, added } = counted;
  const numbers = { present, added, limit: most };
  const head = Decimal.ofInteger(most - present - added);
  if (added === 0 || !head.isNegative()) return pass(numbers, head);
  const whose = strategyId === null ? "" : " by this strategy";
  return refuse(
    `${present} ${what}${whose}, this adds ${added}, and ${key} is ${most}`,
    numbers,
    head,
  );
}
