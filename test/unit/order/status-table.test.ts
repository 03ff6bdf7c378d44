// Every event in every status, enumerated by playing it: status-table.txt is the table as it really is.
// A changed cell is a changed rule, and shows in the diff.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { evolve } from "../../../src/domain/order/evolve.ts";
import { ORDER_STATUSES } from "../../../src/domain/order/spec.ts";
import type { OrderStatus } from "../../../src/domain/order/spec.ts";
import type { OrderState } from "../../../src/domain/order/state.ts";
import { isTerminal, TRANSITIONS } from "../../../src/domain/order/status.ts";
import type { OrderEvent, OrderEventType } from "../../../src/domain/order/status.ts";
import {
  brokerId,
  executionId,
  executionOf,
  ORDER,
  orderOf,
  referenceOf,
  specOf,
} from "../../support/orders.ts";

const orderId = ORDER;
const fill = (quantity: string, id: string): OrderEvent => ({
  type: "OrderExecuted",
  orderId,
  execution: executionOf({ id, quantity, price: "100", cumulative: null }),
});
const SUBMITTED: OrderEvent = {
  type: "OrderSubmitted",
  orderId,
  generation: 1,
  reference: referenceOf(1),
  verdicts: null,
  mark: null,
};
const ACCEPTED: OrderEvent = {
  type: "OrderAccepted",
  orderId,
  brokerOrderId: brokerId("B1"),
  brokerAt: 2_000,
};
const END = {
  cancelled: { type: "OrderCancelled", orderId, by: "broker", message: null },
  expired: { type: "OrderExpired", orderId, by: "broker" },
  rejected: {
    type: "OrderRejected",
    orderId,
    by: "broker",
    code: "broker_rejected",
    message: "no",
  },
} as const;

const ORDINARY_WAY: Readonly<Record<OrderStatus, readonly OrderEvent[]>> = {
  pending: [],
  submitted: [SUBMITTED],
  accepted: [SUBMITTED, ACCEPTED],
  partially_filled: [SUBMITTED, ACCEPTED, fill("4", "x")],
  filled: [SUBMITTED, ACCEPTED, fill("10", "x")],
  cancelled: [SUBMITTED, ACCEPTED, END.cancelled],
  rejected: [SUBMITTED, END.rejected],
  expired: [SUBMITTED, ACCEPTED, END.expired],
};

/** Rejected by our own conclusion after a send: the one closing that facts reopen. */
const NEVER_ARRIVED: readonly OrderEvent[] = [
  SUBMITTED,
  { type: "OrderRejected", orderId, by: "engine", code: "never_arrived", message: "lost" },
];

/** One or more of each event, where it matters how much it brings. */
const EVENTS: Readonly<Record<OrderEventType, Readonly<Record<string, OrderEvent>>>> = {
  OrderPlaced: { "": { type: "OrderPlaced", orderId, order: specOf() } },
  OrderHeld: { "": { type: "OrderHeld", orderId, reason: "rate_budget", until: null } },
  OrderSubmitted: { "": SUBMITTED },
  OrderAccepted: { "": ACCEPTED },
  OrderExecuted: { "a part": fill("2", "y"), "the whole": fill("10", "y") },
  OrderCompleted: { "": { type: "OrderCompleted", orderId } },
  ExecutionBusted: { "": { type: "ExecutionBusted", orderId, executionId: executionId("x") } },
  ExecutionCorrected: {
    "to a part": corrected("3"),
    "to the whole": corrected("10"),
  },
  CancelRequested: { "": { type: "CancelRequested", orderId, reason: "asked" } },
  CancelRefused: { "": { type: "CancelRefused", orderId, message: "no" } },
  OrderCancelled: { "": END.cancelled },
  ReplaceRequested: {
    "": {
      type: "ReplaceRequested",
      orderId,
      generation: 2,
      reference: referenceOf(2),
      change: { quantity: Decimal.of("20") },
    },
  },
  ReplaceRefused: { "": { type: "ReplaceRefused", orderId, message: "no" } },
  OrderReplaced: { "to more": replaced("20"), "to less": replaced("4") },
  ReplacementShown: {
    "": {
      type: "ReplacementShown",
      orderId,
      brokerOrderId: brokerId("B2"),
      quantity: Decimal.of("6"),
      filledQuantity: Decimal.ZERO,
    },
  },
  OrderRejected: { "": END.rejected },
  OrderExpired: { "": END.expired },
  OrderUnresolved: {
    "": {
      type: "OrderUnresolved",
      orderId,
      unresolved: { action: "cancel", since: 1, cause: "lost", lookups: 0 },
    },
  },
  OrderResolved: { "": { type: "OrderResolved", orderId, how: "found" } },
  OrderFlagged: { "": { type: "OrderFlagged", orderId, flag: "late_event", detail: "" } },
};

function corrected(quantity: string): OrderEvent {
  const by = executionOf({ id: "z", quantity, price: "99", cumulative: null });
  return { type: "ExecutionCorrected", orderId, executionId: executionId("x"), by };
}

function replaced(quantity: string): OrderEvent {
  return {
    type: "OrderReplaced",
    orderId,
    generation: 2,
    reference: referenceOf(2),
    brokerOrderId: brokerId("B2"),
    change: { quantity: Decimal.of(quantity) },
  };
}

const after = (events: readonly OrderEvent[]): OrderState =>
  events.reduce((state, event, index) => evolve(state, event, 2_000 + index), orderOf());

const CASES = Object.values(EVENTS).flatMap((variants) =>
  Object.entries(variants).map(([variant, event]) => ({
    name: variant === "" ? event.type : `${event.type} (${variant})`,
    event,
  })),
);

/** Where it went; `=` where it stayed and something was taken over, `.` where nothing was. */
function cell(before: OrderState, event: OrderEvent): string {
  const next = evolve(before, event, 9_000);
  if (next.status !== before.status) return next.status;
  const dated = { ...before, updatedAt: next.updatedAt, version: next.version };
  return JSON.stringify(next) === JSON.stringify(dated) ? "." : "=";
}

describe("the status table", () => {
  it("is what status-table.txt shows", async () => {
    const columns: readonly (readonly [string, OrderState])[] = [
      ...ORDER_STATUSES.map((status) => [status, after(ORDINARY_WAY[status])] as const),
      ["never_arrived", after(NEVER_ARRIVED)],
    ];
    const lines = [
      ["event", ...columns.map(([name]) => name)],
      ...CASES.map(({ name, event }) => [name, ...columns.map(([, state]) => cell(state, event))]),
    ];
    const text = lines.map((words) =>
      words
        .map((word, column) => word.padEnd(column === 0 ? 36 : 18))
        .join("")
        .trimEnd(),
    );
    await expect(`${text.join("\n")}\n`).toMatchFileSnapshot("status-table.txt");
  });

  it("reaches every status by the ordinary way", () => {
    for (const status of ORDER_STATUSES) expect(after(ORDINARY_WAY[status]).status).toBe(status);
  });

  it("has a row for every event, and a cell for every status", () => {
    expect(Object.keys(TRANSITIONS).toSorted()).toEqual(Object.keys(EVENTS).toSorted());
    for (const moves of Object.values(TRANSITIONS)) {
      expect(Object.keys(moves)).toEqual([...ORDER_STATUSES]);
    }
  });

  it.each(CASES)("$name leaves the order before it untouched", ({ event }) => {
    for (const status of ORDER_STATUSES) {
      const before = after(ORDINARY_WAY[status]);
      const text = JSON.stringify(before);
      const next = evolve(before, event, 9_000);
      expect(JSON.stringify(before)).toBe(text);
      expect(next.version).toBe(before.version + 1);
      expect(next.updatedAt).toBe(9_000);
    }
  });

  it.each(CASES)(
    "$name leaves closed orders with the instant and author of their end",
    ({ event }) => {
      for (const status of ORDER_STATUSES) {
        const next = evolve(after(ORDINARY_WAY[status]), event, 9_000);
        expect(next.closedAt !== null).toBe(isTerminal(next.status));
        expect(next.closedBy !== null).toBe(isTerminal(next.status));
        const waiting = isTerminal(next.status) ? [next.hold, next.pendingAction] : [];
        expect(waiting.filter((each) => each !== null)).toEqual([]);
      }
    },
  );
});
