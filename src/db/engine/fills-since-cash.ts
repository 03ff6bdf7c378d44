// How many fills there were since the cash agreed last: found again at the end of the log, which is read
// no further back than it takes to fill what rounding may come to.
import type { AccountBook } from "../../domain/book.ts";
import { isAlike } from "../../domain/order/reconcile-cash.ts";
import type { Transaction } from "../client.ts";
import { decimalOrNull } from "./order-from-row.ts";

/**
 * An order that fills at once is about five events, and 198 fills are all that counts. What lies further
 * back counts as no fill: then a difference is told sooner.
 */
const MAX_EVENTS_READ = 5_000;

export interface CashStepRow {
  readonly account_id: string;
  readonly step: "fill" | "accepted" | "looked";
  /** Of a look what it found unexplained. */
  readonly unexplained: string | null;
}

/** From the end: by a seq that it has to look up first the planner guesses that a third of the log is meant. */
export function readCashSteps(sql: Transaction, partition: number) {
  return sql<CashStepRow[]>`
    SELECT account_id, payload ->> 'unexplainedCash' AS unexplained,
      CASE type WHEN 'AccountObserved' THEN 'looked' WHEN 'DifferenceAccepted' THEN 'accepted'
        ELSE 'fill' END AS step
    FROM (
      SELECT * FROM order_events WHERE partition = ${partition}
      ORDER BY seq DESC LIMIT ${MAX_EVENTS_READ}) AS latest
    WHERE type = 'OrderExecuted'
      OR type = 'AccountObserved' AND payload ->> 'unexplainedCash' IS NOT NULL
      OR type = 'DifferenceAccepted' AND payload ->> 'kind' = 'cash'
      OR type = 'PositionAdjusted' AND payload -> 'adjustment' ->> 'kind' = 'adopted'
    ORDER BY seq`;
}

/** After what was accepted is known: a look from before the last acceptance is forgotten with it. */
export function restoreFillsSinceCash(book: AccountBook, steps: readonly CashStepRow[]): void {
  for (const { step, unexplained } of steps) {
    if (step === "fill") book.fillsSinceCash += 1;
    else if (step === "accepted") book.fillsSinceCash = 0;
    else {
      const amount = decimalOrNull(unexplained);
      if (amount !== null && isAlike(amount, book.cash.accepted)) book.fillsSinceCash = 0;
    }
  }
}
