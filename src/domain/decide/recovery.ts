// What a fresh start has to do, derived from the book alone: whatever was lost between a commit and its
// effects is found here. The start-up path is the recovery path.
import type { AccountBook, Book, Context, Effect } from "../book.ts";
import type { OrderState } from "../order/state.ts";
import { callLookup } from "./calls.ts";
import { callCancel } from "./cancel.ts";
import { Draft } from "./draft.ts";

export function recoveryEffects(book: Book, context: Context): Effect[] {
  return [...book.accounts.values()].flatMap((account) => recoverAccount(book, account, context));
}

function recoverAccount(book: Book, account: AccountBook, context: Context): readonly Effect[] {
  const draft = new Draft(book, account, context, {
    actor: "engine",
    correlationId: null,
    causationId: null,
    traceParent: null,
  });
  for (const id of account.open) {
    const order = account.orders.get(id);
    if (order !== undefined) recoverOrder(draft, order);
  }
  // Resting orders, executions, positions and cash are read together.
  draft.reconcile();
  return draft.decision().effects;
}

function recoverOrder(draft: Draft, order: OrderState): void {
  if (order.status === "pending") return;
  const isUnanswered = order.brokerOrderId === null;
  if (isUnanswered || order.unresolved !== null || order.pendingAction === "replace") {
    callLookup(draft, order);
  } else if (order.pendingAction === "cancel") {
    callCancel(draft, order);
  }
}
