// Whether an order found under our reference is the one that we sent. Only asked when no answer to the
// send is known: then a reference alone proves nothing (invariant 4).
import type { BrokerOrderSnapshot } from "../broker.ts";
import type { Decimal } from "../decimal.ts";
import type { OrderFacts } from "./answer.ts";
import type { OrderState } from "./state.ts";
import { accept } from "./ending.ts";
import { isTerminal } from "./status.ts";

/** Otherwise it is not adopted: ours was refused as a duplicate, whatever the other one is. */
export function isTheSameOrder(facts: OrderFacts, snapshot: BrokerOrderSnapshot): boolean {
  const [difference, ...further] = differencesTo(facts.state, snapshot);
  if (difference === undefined) return true;
  const { id, status, reference } = facts.state;
  const [name, theirs, ours] = difference;
  const message = `Broker order ${snapshot.brokerOrderId} has the reference ${reference} but its ${name} is ${theirs}, not ${ours}.`;
  facts.alarm("broker_duplicate_mismatch", message);
  if (isTerminal(status)) return false;
  if (name === "quantity" && further.length === 0 && isFittedByUs(facts.state)) {
    return takeAsSentBefore(facts, snapshot);
  }
  const code = "broker_duplicate_mismatch";
  facts.record({ type: "OrderRejected", orderId: id, by: "broker", code, message });
  return false;
}

/** Sent once, lost, and sent again, it may ask for another quantity: by then another one was held. */
const isFittedByUs = ({ role, waitsFor }: OrderState): boolean =>
  role === "close_all" || waitsFor.length > 0;

/** The first send has arrived after all: what the broker works is what it asked for. */
function takeAsSentBefore(facts: OrderFacts, snapshot: BrokerOrderSnapshot): boolean {
  const { brokerOrderId, quantity, submittedAt } = snapshot;
  const { id: orderId, generation } = facts.state;
  if (quantity === null) return false;
  accept(facts, brokerOrderId, submittedAt);
  const names = { reference: null, brokerOrderId };
  facts.record({ type: "OrderReplaced", orderId, generation, ...names, change: { quantity } });
  return true;
}

type Difference = readonly [name: string, theirs: string | null, ours: string | null];

/** None when symbol, side, type, quantity and price are what we asked for. */
function differencesTo(state: OrderState, snapshot: BrokerOrderSnapshot): readonly Difference[] {
  const { terms, instrumentId } = state;
  const pairs: readonly Difference[] = [
    ["instrument", snapshot.instrumentId, instrumentId],
    ["side", snapshot.side, terms.side],
    ["type", snapshot.type, terms.type],
    ["quantity", text(snapshot.quantity), text(terms.quantity)],
    ["notional", text(snapshot.notional), text(terms.notional)],
    ["limit price", text(snapshot.limitPrice), text(terms.limitPrice)],
    // The broker computes a trailing stop's price itself.
    ["stop price", text(terms.stopPrice && snapshot.stopPrice), text(terms.stopPrice)],
  ];
  return pairs.filter(([, theirs, ours]) => theirs !== ours);
}

const text = (value: Decimal | null): string | null => value?.toString() ?? null;
