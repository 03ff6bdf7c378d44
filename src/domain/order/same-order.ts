// Whether an order found under our reference is the one that we sent. Only asked when no answer to the
// send is known: then a reference alone proves nothing (invariant 4).
import type { BrokerOrderSnapshot } from "../broker.ts";
import type { Decimal } from "../decimal.ts";
import type { OrderFacts } from "./answer.ts";
import type { OrderState } from "./state.ts";
import { isTerminal } from "./status.ts";

/** Otherwise it is not adopted: ours was refused as a duplicate, whatever the other one is. */
export function isTheSameOrder(facts: OrderFacts, snapshot: BrokerOrderSnapshot): boolean {
  const difference = differenceTo(facts.state, snapshot);
  if (difference === null) return true;
  const { id, status, reference } = facts.state;
  const message = `Broker order ${snapshot.brokerOrderId} has the reference ${reference} but ${difference}.`;
  facts.alarm("broker_duplicate_mismatch", message);
  if (isTerminal(status)) return false;
  const code = "broker_duplicate_mismatch";
  facts.record({ type: "OrderRejected", orderId: id, by: "broker", code, message });
  return false;
}

/** Null when symbol, side, type, quantity and price are what we asked for. */
function differenceTo(state: OrderState, snapshot: BrokerOrderSnapshot): string | null {
  const { terms, instrumentId } = state;
  const pairs: readonly (readonly [string, string | null, string | null])[] = [
    ["instrument", instrumentId, snapshot.instrumentId],
    ["side", terms.side, snapshot.side],
    ["type", terms.type, snapshot.type],
    ["quantity", text(terms.quantity), text(snapshot.quantity)],
    ["notional", text(terms.notional), text(snapshot.notional)],
    ["limit price", text(terms.limitPrice), text(snapshot.limitPrice)],
    // The broker computes a trailing stop's price itself.
    ["stop price", text(terms.stopPrice), text(terms.stopPrice && snapshot.stopPrice)],
  ];
  const found = pairs.find(([, ours, theirs]) => ours !== theirs);
  return found === undefined ? null : `its ${found[0]} is ${found[2]}, not ${found[1]}`;
}

const text = (value: Decimal | null): string | null => value?.toString() ?? null;
