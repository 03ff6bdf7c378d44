// Positions in the plainest way: all facts of an instrument from its events, and a ledger folded from them.
import type { DomainEvent } from "../../src/domain/event.ts";
import type { InstrumentId, OrderId } from "../../src/domain/ids.ts";
import { evolve, placeOrder } from "../../src/domain/order/evolve.ts";
import type { OrderState } from "../../src/domain/order/state.ts";
import {
  adjustmentFact,
  positionChanges,
  type AttributedFact,
} from "../../src/domain/position/change.ts";
import type { PositionLedger } from "../../src/domain/position/ledger.ts";
import { isBefore } from "../../src/domain/position/place.ts";

/** Everything that counts towards the positions of one instrument, from its events in the order of the log. */
export function positionHistory(
  instrumentId: InstrumentId,
  events: Iterable<DomainEvent>,
): readonly AttributedFact[] {
  const orders = new Map<OrderId, OrderState>();
  const facts = new Map<string, AttributedFact>();
  for (const event of events) {
    if (event.type === "PositionAdjusted") {
      const { adjustment } = event;
      if (adjustment.instrumentId !== instrumentId) continue;
      if (event.undoes !== undefined) {
        facts.delete(`adjustment ${event.undoes}`);
        continue;
      }
      const { strategyId } = adjustment;
      facts.set(`adjustment ${adjustment.id}`, { fact: adjustmentFact(adjustment), strategyId });
    }
    if (event.type === "OrderPlaced" && event.order.instrumentId === instrumentId) {
      orders.set(event.orderId, placeOrder(event.order, 0));
    }
    if (!("orderId" in event)) continue;
    const order = orders.get(event.orderId);
    if (order === undefined) continue;
    for (const { kind, fact } of positionChanges(order, event)) {
      if (kind === "remove") facts.delete(`execution ${fact.id}`);
      else facts.set(`execution ${fact.id}`, { fact, strategyId: order.strategyId });
    }
    orders.set(event.orderId, evolve(order, event, 0));
  }
  return [...facts.values()];
}

/** Folds the positions of an instrument again from all its facts. */
export function rebuild(
  ledger: PositionLedger,
  instrumentId: InstrumentId,
  history: readonly AttributedFact[],
): void {
  const refolding = ledger.refold(instrumentId, null);
  const inOrder = history.toSorted((left, right) => (isBefore(left.fact, right.fact) ? -1 : 1));
  for (const fact of inOrder) refolding.add(fact);
  ledger.adopt(instrumentId, refolding, null);
}
