// Cash as the record explains it beside what the broker shows: pure, figures in, a finding out. Every
// fill, fee and adjustment says what money it moved; whatever the broker's cash does besides is told to a
// person and never booked. Figures of one look may be from either side of a fill, and an entry of the
// broker's ledger may follow the money late, so only what stays the same over a while is believed.
import type { AccountBook, CashBook } from "../book.ts";
import type { BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";

/** Brokers show cash to the cent at least; a sum rounded there may be that much off. */
const TOLERANCE = Decimal.of("0.01");
/** What a broker that rounds each fill to the cent is off by for each, at most. */
const ROUNDING = Decimal.of("0.005");
/**
 * However many fills there were, more than this is a difference, in the account's currency. It is the
 * worst of 198 fills; since half a cent up and half a cent down cancel out, thousands seldom come to it.
 */
const MOST_ROUNDING = Decimal.ONE;
/** What was there at the beginning has to be seen unchanged for this long. */
const OPEN_AFTER_MS = 30_000;
/** Longer than fills and ledger entries are behind each other. */
const TELL_AFTER_MS = 10 * 60_000;

export type CashFinding =
  | { readonly kind: "nothing" }
  /** The cash of the beginning is known now: what the record does not explain. */
  | { readonly kind: "opening"; readonly amount: Decimal }
  | { readonly kind: "difference" }
  /** The difference told before is gone. */
  | { readonly kind: "explained" };

const NOTHING: CashFinding = { kind: "nothing" };

/** False while something that moves cash may be on one side of the look and not on the other. */
export function saysSomethingAboutCash(
  account: Pick<AccountBook, "lastFill">,
  view: Pick<BrokerView, "logSeq">,
): boolean {
  for (const { seq } of account.lastFill.values()) {
    if (seq > view.logSeq) return false;
  }
  return true;
}

export function judgeCash(
  { cash, fillsSinceCash }: Pick<AccountBook, "cash" | "fillsSinceCash">,
  unexplained: Decimal,
  at: number,
): CashFinding {
  const { look, isOpen, told, accepted } = cash;
  const rounded = TOLERANCE.plus(ROUNDING.times(Decimal.ofInteger(fillsSinceCash)));
  const tolerance = Decimal.min(rounded, MOST_ROUNDING);
  const agrees = (amount: Decimal) => amount.minus(accepted).abs().lte(tolerance);
  if (look === null || !isAlike(look.unexplained, unexplained)) return NOTHING;
  const heldMs = at - look.since;
  if (!isOpen) return heldMs >= OPEN_AFTER_MS ? { kind: "opening", amount: unexplained } : NOTHING;
  if (agrees(unexplained)) return agrees(told) ? NOTHING : { kind: "explained" };
  const isNew = heldMs >= TELL_AFTER_MS && !isAlike(told, unexplained);
  return isNew ? { kind: "difference" } : NOTHING;
}

/** The look that follows: one that finds the same keeps the instant since when it is so. */
export function lookedAgain(
  before: CashBook["look"],
  unexplained: Decimal,
  at: number,
): CashBook["look"] {
  if (before === null || !isAlike(before.unexplained, unexplained)) {
    return { unexplained, since: at };
  }
  // Our clock was set back: how long it has been so is not known any more.
  return at < before.since ? { ...before, since: at } : before;
}

export function isAlike(left: Decimal, right: Decimal): boolean {
  return left.minus(right).abs().lte(TOLERANCE);
}
