// What only a person can decide: to correct a position, to call an order lost, to trade a frozen symbol
// again, to trade on after a loss. Each is an event with its reason.
import type { Command, CommandOutcome } from "../command.ts";
import { isTerminal } from "../order/status.ts";
import { strategyResults } from "../risk/strategy-result.ts";
import { done, refused } from "./command-outcome.ts";
import type { RequestOf } from "./command-outcome.ts";
import type { Draft } from "./draft.ts";
import { correctPosition } from "./correction.ts";
import { currentFigures } from "./loss.ts";

export function adjustPosition(
  draft: Draft,
  command: Command,
  request: RequestOf<"adjust_position">,
): CommandOutcome {
  const { instrumentId, quantity } = request;
  if (quantity.isZero()) return refused("nothing_to_do", "An adjustment by zero changes nothing.");
  correctPosition(draft, command, request);
  return done("adjusted", `The position in ${instrumentId} changed by ${quantity.toString()}.`);
}

export function resetLossLimit(
  draft: Draft,
  { reason }: RequestOf<"reset_loss_limit">,
): CommandOutcome {
  if (draft.accountBook.day?.lossLimitCrossed !== true) {
    return refused("nothing_to_do", "No loss limit of this account is crossed.");
  }
  const figures = currentFigures(draft);
  if (figures === null) {
    const message = "The loss cannot be measured now: a price or a rate is missing.";
    return refused("no_reference_price", message);
  }
  draft.record({
    type: "LossLimitReset",
    reason,
    realizedBaseline: figures.realized,
    unrealizedBaseline: figures.unrealized,
    strategyBaselines: strategyResults(draft.accountBook, draft.context),
  });
  return done("reset", "Entries are allowed again; losses count from now on.");
}

export function settleOrder(
  draft: Draft,
  { orderId, reason }: RequestOf<"settle_order">,
): CommandOutcome {
  const order = draft.order(orderId);
  if (order === undefined) {
    return refused("order_not_found", "There is no such order in this account.", [orderId]);
  }
  const isUnanswered = order.brokerOrderId === null && order.acceptedAt === null;
  if (isTerminal(order.status) || order.status === "pending" || !isUnanswered) {
    const message = `The order is ${order.status} and not waiting for an answer to its send.`;
    return refused("nothing_to_settle", message, [orderId]);
  }
  const message = `Settled by a person as never arrived: ${reason}`;
  draft.record({ type: "OrderRejected", orderId, by: "engine", code: "never_arrived", message });
  return done("settled", "The order counts as never arrived; a later fact still counts.", [
    orderId,
  ]);
}

export function unfreezeSymbol(
  draft: Draft,
  { instrumentId, reason }: RequestOf<"unfreeze_symbol">,
): CommandOutcome {
  if (!draft.accountBook.frozen.has(instrumentId)) {
    return refused("nothing_to_do", `${instrumentId} is not frozen by an event.`);
  }
  draft.record({ type: "SymbolUnfrozen", instrumentId, reason });
  return done("unfrozen", `${instrumentId} may be traded again.`);
}
