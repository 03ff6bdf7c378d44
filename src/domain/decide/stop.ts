// What a changed trading state does to the orders of an account: resting entries are cancelled when it
// asks for that, exits stay, and the answer says what was already on its way (invariant 14).
import type { Command } from "../command.ts";
import { Decimal } from "../decimal.ts";
import type { OrderId } from "../ids.ts";
import type { OrderState } from "../order/state.ts";
import { sideOfChange } from "../signal.ts";
import { cancelOrder } from "./cancel.ts";
import { flatten } from "./close.ts";
import { done } from "./command-outcome.ts";
import type { CarriedOut, RequestOf } from "./command-outcome.ts";
import type { Draft } from "./draft.ts";
import { heldBy, isProtective } from "./plan.ts";

export function applyTradingState(
  draft: Draft,
  command: Command,
  request: RequestOf<"trading_state_changed">,
): CarriedOut {
  const { state, strategyId, reason } = request;
  draft.record({ type: "TradingStateChanged", state, strategyId, reason });
  const counts = { cancelled: [] as OrderId[], onTheirWay: [] as OrderId[], kept: 0 };
  for (const order of draft.ordersOf(draft.accountBook.open)) {
    const { id } = order;
    if (strategyId !== null && order.strategyId !== strategyId) continue;
    if (order.status === "submitted") counts.onTheirWay.push(id);
    if (isExit(draft, order)) counts.kept += 1;
    else if (request.cancelEntries) {
      cancelOrder(draft, id, `trading is ${state}: ${reason}`);
      counts.cancelled.push(id);
    }
  }
  const sentences = [
    `Trading is ${state}: ${counts.cancelled.length} entries are cancelled or being cancelled,`,
    `${counts.kept} exits stay, ${counts.onTheirWay.length} orders were already on their way.`,
  ];
  const orderIds = [...new Set([...counts.cancelled, ...counts.onTheirWay])];
  if (!request.flatten) return done(state, sentences.join(" "), orderIds);
  const { message, verdicts, orderIds: closing } = flatten(draft, command);
  sentences.push(message);
  const outcome = done(state, sentences.join(" "), [...orderIds, ...closing]);
  return verdicts === undefined ? outcome : { ...outcome, verdicts };
}

/** By what is held now: an exit that was changed to more, or whose position is gone, would open one. */
function isExit(draft: Draft, order: OrderState): boolean {
  if (isProtective(order)) return true;
  if (!order.reducesPosition) return false;
  const { instrumentId, strategyId, terms } = order;
  const held = draft.held(instrumentId);
  if (held.isZero() || sideOfChange(held) === terms.side) return false;
  if (terms.quantity === null) return true;
  const asked = order.pendingReplace?.change.quantity ?? terms.quantity;
  const left = Decimal.max(asked, terms.quantity).minus(order.filledQuantity);
  // Beside what others sold of the account a strategy's exit still closes what is its own.
  const share = strategyId === null ? null : heldBy(draft, instrumentId, strategyId);
  return left.lte(Decimal.max(held.abs(), share?.abs() ?? Decimal.ZERO));
}
