// The inbox of orders that are not ours: a person adopts one, and it is ours from then on, or ignores
// it, and it no longer counts as exposure.
import type { BrokerOrderSnapshot } from "../broker.ts";
import type { Command, CommandOutcome } from "../command.ts";
import type { Decimal } from "../decimal.ts";
import type { ParkedExecution } from "../event.ts";
import type { InstrumentId } from "../ids.ts";
import { deriveOrderId } from "../order/derive.ts";
import { evolve, placeOrder } from "../order/evolve.ts";
import { factsFromReport } from "../order/report.ts";
import type { OrderSpec, OrderTerms } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { done, refused } from "./command-outcome.ts";
import type { RequestOf } from "./command-outcome.ts";
import type { Draft } from "./draft.ts";
import { matchParked, reportOf, takeSnapshot } from "./facts.ts";

export function ignoreOrder(
  draft: Draft,
  { brokerOrderId }: RequestOf<"ignore_order">,
): CommandOutcome {
  const known = draft.accountBook.external.get(brokerOrderId);
  if (known === undefined) return notInInbox(brokerOrderId);
  if (!known.ignored) draft.record({ type: "ExternalOrderIgnored", brokerOrderId });
  return done("ignored", `The broker's order ${brokerOrderId} no longer counts as exposure.`);
}

export function adoptOrder(
  draft: Draft,
  command: Command,
  { brokerOrderId }: RequestOf<"adopt_order">,
): CommandOutcome {
  const snapshot = draft.accountBook.external.get(brokerOrderId)?.snapshot;
  if (snapshot === undefined) return notInInbox(brokerOrderId);
  const { instrumentId } = snapshot;
  const terms = termsOf(snapshot);
  if (instrumentId === null || terms === null) {
    const message = `The broker's order ${brokerOrderId} has terms that are not known here.`;
    return refused("unsupported_by_broker", message);
  }
  const spec = specOf(command, { instrumentId, terms });
  if (toldOf(draft, spec, snapshot).lt(snapshot.filledQuantity)) {
    const message = `The broker's order ${brokerOrderId} is partly filled, and those fills are in the position already: ignore it, or cancel it at the broker.`;
    return refused("already_filled", message);
  }
  const orderId = spec.id;
  draft.record({ type: "OrderPlaced", orderId, order: spec });
  draft.record({
    type: "OrderAccepted",
    orderId,
    brokerOrderId,
    brokerAt: snapshot.submittedAt,
  });
  const detail = `adopted from the broker's order ${brokerOrderId}`;
  draft.record({ type: "OrderFlagged", orderId, flag: "adopted", detail });
  draft.record({ type: "ExternalOrderClosed", brokerOrderId });
  matchParked(draft, orderId);
  takeSnapshot(draft, orderId, snapshot);
  return done("adopted", `The broker's order ${brokerOrderId} is ours now.`, [orderId]);
}

function notInInbox(brokerOrderId: string): CommandOutcome {
  return refused("order_not_found", `No order ${brokerOrderId} is in the inbox.`);
}

/** What is filled of it by the fills that were told, each once: parked ones, and those counted as others'. */
function toldOf(draft: Draft, spec: OrderSpec, { brokerOrderId }: BrokerOrderSnapshot): Decimal {
  const { parked, foreign } = draft.accountBook;
  const told = [
    ...[...parked.values()].filter((fill) => fill.brokerOrderId === brokerOrderId),
    ...(foreign.get(brokerOrderId) ?? []).map((fill) => fill.told),
  ];
  const take = (order: OrderState, fill: ParkedExecution): OrderState =>
    factsFromReport(order, reportOf(draft.account.id, fill), draft.now).events.reduce(
      (state, event) => evolve(state, event, draft.now),
      order,
    );
  return told.reduce(take, placeOrder(spec, draft.now)).filledQuantity;
}

function termsOf(snapshot: BrokerOrderSnapshot): OrderTerms | null {
  const { side, type, timeInForce, quantity, notional, limitPrice, stopPrice } = snapshot;
  if (side === null || type === null || timeInForce === null) return null;
  if (quantity === null && notional === null) return null;
  return {
    side,
    type,
    timeInForce,
    quantity,
    notional: quantity === null ? notional : null,
    limitPrice,
    stopPrice,
    trailPrice: null,
    trailPercent: null,
    extendedHours: false,
    postOnly: false,
    exits: null,
  };
}

function specOf(
  command: Command,
  of: { readonly instrumentId: InstrumentId; readonly terms: OrderTerms },
): OrderSpec {
  return {
    ...of,
    id: deriveOrderId(command.id, 1),
    accountId: command.accountId,
    strategyId: null,
    signalId: null,
    commandId: command.id,
    parentId: null,
    role: "entry",
    linkGroup: null,
    reducesPosition: false,
    waitsFor: [],
    receivedAt: command.receivedAt,
    validUntil: null,
  };
}
