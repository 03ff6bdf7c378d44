// Exits that the broker makes with an entry: registered as orders of ours, under ids derived from the
// entry's, so that they can be seen, cancelled and counted like any other.
import type { BrokerOrderSnapshot } from "../broker.ts";
import { asId } from "../ids.ts";
import type { OrderId, SignalId } from "../ids.ts";
import { deriveOrderId, MAX_ORDERS_PER_SOURCE } from "../order/derive.ts";
import { factsFromReport } from "../order/report.ts";
import type { OrderSpec, Role } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { callLookup } from "./calls.ts";
import type { Draft } from "./draft.ts";

/** Each order of a source has this many numbers for legs: order 1 has 16 to 31, order 2 has 32 to 47. */
const LEGS_PER_ORDER = 16;

export function registerLegs(
  draft: Draft,
  parent: OrderState,
  legs: readonly BrokerOrderSnapshot[],
): void {
  for (const leg of legs) {
    if (!isKnown(draft, leg)) registerLeg(draft, parent, leg);
    const order = draft.orderByBrokerId(leg.brokerOrderId);
    if (order === undefined) continue;
    draft.recordAll(factsFromReport(order, seen(draft, leg), draft.now).events);
  }
}

/** Legs come with the answer to a send. Where that was lost, only the order itself can name them. */
export function askForLegs(draft: Draft, entry: OrderState): void {
  if (entry.terms.exits === null || parentsOf(draft).has(entry.id)) return;
  callForLegs(draft, entry);
}

/** A stranger that may be a leg of one of our entries: whichever has none that are known is asked. */
export function askWhoseLeg(draft: Draft, { instrumentId, side }: BrokerOrderSnapshot): void {
  const parents = parentsOf(draft);
  for (const id of draft.accountBook.orders.keys()) {
    const entry = draft.order(id);
    if (entry === undefined || entry.instrumentId !== instrumentId) continue;
    const { exits, side: entrySide } = entry.terms;
    const isOnItsSide = exits?.alone === true ? side === entrySide : side !== entrySide;
    if (exits !== null && isOnItsSide && !parents.has(id)) callForLegs(draft, entry);
  }
}

function callForLegs(draft: Draft, entry: OrderState): void {
  if (entry.brokerOrderId !== null) callLookup(draft, entry);
}

/** The orders of which legs are known. */
function parentsOf({ accountBook }: Draft): ReadonlySet<OrderId | null> {
  return new Set([...accountBook.orders.values()].map(({ parentId }) => parentId));
}

function isKnown(draft: Draft, leg: BrokerOrderSnapshot): boolean {
  if (draft.orderByBrokerId(leg.brokerOrderId) !== undefined) return true;
  return leg.reference !== null && draft.orderByReference(leg.reference) !== undefined;
}

function registerLeg(draft: Draft, parent: OrderState, leg: BrokerOrderSnapshot): void {
  const id = freeLegId(draft, parent);
  // A leg that we cannot read or name stays what it is at the broker: an order that is not ours.
  if (id === null || leg.side === null || leg.type === null) return;
  const spec = specOfLeg(parent, leg, { id, side: leg.side, type: leg.type });
  draft.record({ type: "OrderPlaced", orderId: id, order: spec });
  const { brokerOrderId } = leg;
  draft.record({ type: "OrderAccepted", orderId: id, brokerOrderId, brokerAt: leg.submittedAt });
  if (draft.accountBook.external.has(brokerOrderId)) {
    draft.record({ type: "ExternalOrderClosed", brokerOrderId });
  }
}

function specOfLeg(
  parent: OrderState,
  leg: BrokerOrderSnapshot,
  is: Pick<OrderSpec, "id"> & Pick<OrderSpec["terms"], "side" | "type">,
): OrderSpec {
  const { id, side, type } = is;
  return {
    id,
    accountId: parent.accountId,
    instrumentId: parent.instrumentId,
    strategyId: parent.strategyId,
    signalId: parent.signalId,
    commandId: parent.commandId,
    parentId: parent.id,
    role: roleOf(leg),
    linkGroup: parent.linkGroup ?? parent.id,
    reducesPosition: true,
    waitsFor: [],
    terms: {
      side,
      type,
      timeInForce: leg.timeInForce ?? parent.terms.timeInForce,
      quantity: leg.quantity ?? parent.terms.quantity,
      notional: null,
      limitPrice: leg.limitPrice,
      stopPrice: leg.stopPrice,
      trailPrice: null,
      trailPercent: null,
      extendedHours: parent.terms.extendedHours,
      postOnly: false,
      exits: null,
    },
    receivedAt: parent.receivedAt,
    validUntil: null,
  };
}

function roleOf({ type }: BrokerOrderSnapshot): Role {
  return type === "limit" ? "take_profit" : "stop_loss";
}

function freeLegId(draft: Draft, parent: OrderState): OrderId | null {
  const source = asId<SignalId>(`${parent.id.slice(0, -2)}00`);
  const first = Number.parseInt(parent.id.slice(-2), 16) * LEGS_PER_ORDER;
  for (let n = first; n < first + LEGS_PER_ORDER && n <= MAX_ORDERS_PER_SOURCE; n += 1) {
    const id = deriveOrderId(source, n);
    if (draft.order(id) === undefined) return id;
  }
  return null;
}

function seen(draft: Draft, snapshot: BrokerOrderSnapshot) {
  const { brokerOrderId, reference, updatedAt: at } = snapshot;
  const accountId = draft.account.id;
  return { kind: "seen" as const, accountId, brokerOrderId, reference, at, snapshot };
}
