// Cash in a reconciliation: first contact records what is there, later the record has to explain what the
// broker shows. What it does not explain is told, and booked by nobody.
import type { BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import { isAlike, judgeCash, saysSomethingAboutCash } from "../order/reconcile-cash.ts";
import type { Draft } from "./draft.ts";
import { missingFills } from "./missing-fills.ts";

/** What of the broker's cash the record does not explain; null where this look cannot tell. */
export function unexplainedCash(draft: Draft, view: BrokerView, isWhole: boolean): Decimal | null {
  const { account, accountBook } = draft;
  if (!isWhole || !saysSomethingAboutCash(accountBook, view)) return null;
  if (view.account.currency !== account.currency) return null;
  if (missingFills(draft, view).size > 0) return null;
  const cash = draft.cash();
  for (const [currency, amount] of cash) {
    // The broker shows one sum; what it made of other currencies is not ours to guess.
    if (currency !== account.currency && !amount.isZero()) return null;
  }
  return view.account.cash.minus(cash.get(account.currency) ?? Decimal.ZERO);
}

export function isNewLook(draft: Draft, unexplained: Decimal | null): boolean {
  const { look } = draft.accountBook.cash;
  return unexplained !== null && (look === null || !isAlike(look.unexplained, unexplained));
}

/** What is left unexplained afterwards. */
export function reconcileCash(draft: Draft, view: BrokerView, unexplained: Decimal): Decimal {
  const finding = judgeCash(draft.accountBook, unexplained, view.at);
  switch (finding.kind) {
    case "nothing":
      return unexplained;
    case "opening":
      open(draft, view, finding.amount);
      return Decimal.ZERO;
    case "explained":
      // What is left of it is accepted, or less than rounding makes of as many fills.
      tell(draft, view, {
        unexplained: draft.accountBook.cash.accepted,
        action: "explained since: cash agrees again",
      });
      return unexplained;
    case "difference": {
      const action = "told: no fill, fee or transfer explains it, and nothing was booked";
      const { ours, theirs } = tell(draft, view, { unexplained, action });
      draft.alarm(
        "cash_difference",
        `Cash of ${draft.account.id}: ${ours} here, ${theirs} at the broker.`,
      );
      return unexplained;
    }
  }
}

function open(draft: Draft, { at }: BrokerView, amount: Decimal): void {
  draft.record({
    type: "CashAdjusted",
    adjustment: {
      id: "opening cash",
      kind: "opening_balance",
      amount,
      source: "reconciliation",
      at,
    },
  });
}

function tell(
  draft: Draft,
  { account }: BrokerView,
  { unexplained, action }: { readonly unexplained: Decimal; readonly action: string },
) {
  const theirs = account.cash.toString();
  const ours = account.cash.minus(unexplained).toString();
  const subject = draft.account.currency;
  draft.record({ type: "DifferenceFound", kind: "cash", subject, ours, theirs, action });
  return { ours, theirs };
}
