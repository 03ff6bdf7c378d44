// A limit on one position is kept twice: on the account's net position and, where a strategy has a row
// of its own, on what the strategy holds itself.
import type { Decimal } from "../decimal.ts";
import type { OwnPositionKey } from "../limits.ts";
import { isMissing, OFF, pass, refuse, tighter } from "./rule.ts";
import type { MissingInput, Outcome } from "./rule.ts";
import type { Subject } from "./subject.ts";

export interface PositionLimit {
  readonly key: OwnPositionKey;
  /** What the side reaches, `own` for the strategy alone, in the unit of the limit. */
  measure(subject: Subject, own: boolean): Decimal | MissingInput;
  /** The limit's value in the same unit. */
  bound(subject: Subject, value: Decimal): Decimal | MissingInput;
  /** For the message. */
  readonly unit: (subject: Subject) => string;
}

export function checkPositionLimit(subject: Subject, limit: PositionLimit): Outcome {
  const { limits } = subject;
  const net = judge(subject, limit, limits[limit.key], false);
  if (net.kind === "refuse" || net.kind === "missing") return net;
  const own = judge(subject, limit, limits.own?.[limit.key] ?? null, true);
  return tighter(net, own);
}

function judge(
  subject: Subject,
  limit: PositionLimit,
  value: Decimal | null,
  own: boolean,
): Outcome {
  if (value === null) return OFF;
  const bound = limit.bound(subject, value);
  if (isMissing(bound)) return bound;
  const reached = limit.measure(subject, own);
  if (isMissing(reached)) return reached;

  const numbers = { reached: reached.toString(), limit: bound.toString() };
  const head = bound.minus(reached);
  if (!head.isNegative()) return pass(numbers, head);
  const whose = own ? "the strategy's own position in " : "";
  const percent = bound === value ? "" : ` (${value.toString()} percent of the equity)`;
  return refuse(
    `${whose}${subject.instrument.symbol} could reach ${numbers.reached} ${limit.unit(subject)} with ` +
      `everything on its way, and ${limit.key} is ${numbers.limit}${percent}`,
    numbers,
    head,
  );
}
