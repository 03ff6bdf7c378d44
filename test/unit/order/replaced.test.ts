// One order of ours that is several at the broker: what proves a replace, which names are kept, and what
// is read from the new order.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot, BrokerReport } from "../../../src/domain/broker.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerReference } from "../../../src/domain/ids.ts";
import { decideReplace } from "../../../src/domain/order/decide.ts";
import { evolve } from "../../../src/domain/order/evolve.ts";
import { factsFromOutcome } from "../../../src/domain/order/outcome.ts";
import { factsFromReport } from "../../../src/domain/order/report.ts";
import type { OrderTerms } from "../../../src/domain/order/spec.ts";
import type { OrderState } from "../../../src/domain/order/state.ts";
import {
  brokerId,
  executionId,
  executionOf,
  headOf,
  ORDER,
  orderOf,
  referenceOf,
  snapshotOf,
  TRAITS,
} from "../../support/orders.ts";
import { play } from "./script.ts";

const of = (text: string): Decimal => Decimal.of(text);
const NOW = 9_000;
const stateAfter = (steps: string, terms: Partial<OrderTerms> = {}): OrderState =>
  play({ rule: "", steps, ends: "", terms }).stage.state;
const told = (state: OrderState, report: BrokerReport) => factsFromReport(state, report, NOW);
const typesOf = (state: OrderState, report: BrokerReport) =>
  told(state, report).events.map(({ type }) => type);

describe("a fact about the new order, heard before the replace", () => {
  const state = stateAfter("submit\nack\nwant replace qty 20");
  const head = headOf("B2", "ref-2");
  const execution = executionOf({
    id: "x",
    quantity: "4",
    price: "100",
    cumulative: "4",
    brokerOrderId: "B2",
  });
  const seen = (status: BrokerOrderSnapshot["status"]): BrokerReport => {
    const names = { brokerOrderId: brokerId("B2"), reference: referenceOf(2) };
    return { ...head, kind: "seen", snapshot: snapshotOf(state, { ...names, status }) };
  };

  it.each([
    ["an execution", { ...head, kind: "executed", execution }],
    ["a bust", { ...head, kind: "busted", executionId: executionId("x") }],
    ["a correction", { ...head, kind: "corrected", executionId: executionId("x"), by: execution }],
    ["its cancel", { ...head, kind: "cancelled" }],
    ["its expiry", { ...head, kind: "expired" }],
    ["being seen partially filled", seen("partially_filled")],
    ["being seen filled", seen("filled")],
    ["being seen cancelled", seen("cancelled")],
    ["being seen expired", seen("expired")],
  ] satisfies readonly (readonly [string, BrokerReport])[])("%s proves it", (_name, report) => {
    expect(told(state, report).events[0]).toMatchObject({
      type: "OrderReplaced",
      generation: 2,
      reference: referenceOf(2),
      brokerOrderId: "B2",
      change: { quantity: of("20") },
    });
  });

  it.each([
    ["an acceptance", { ...head, kind: "accepted" }],
    ["being seen accepted", seen("accepted")],
    ["being seen held", seen("held")],
    ["being seen in a status that is not known", seen("unknown")],
    ["being named and not shown", { ...head, kind: "seen" }],
  ] satisfies readonly (readonly [string, BrokerReport])[])("%s does not", (_name, report) => {
    expect(told(state, report).events).toEqual([]);
  });

  it("its end is the order's end", () => {
    expect(typesOf(state, { ...head, kind: "cancelled" })).toEqual([
      "OrderReplaced",
      "OrderCancelled",
    ]);
  });
});

describe("names of a replaced order", () => {
  it("one that was not sent keeps its generation and has no names", () => {
    const change = { quantity: of("20") };
    const decision = decideReplace(orderOf(), change, { traits: TRAITS, referenceOf });
    expect(decision).toEqual({
      ok: true,
      events: [
        {
          type: "OrderReplaced",
          orderId: ORDER,
          generation: 0,
          reference: null,
          brokerOrderId: null,
          change,
        },
      ],
    });
  });

  it("the old name is kept, once, and one that there never was is not", () => {
    const chain = (steps: string) => stateAfter(steps).brokerOrderChain;
    expect(chain("submit\nack\nreplaced B2 theirs")).toEqual(["B1"]);
    expect(chain("submit\nack\nreplaced B2 theirs\nseen accepted 0 on B2 qty 15 theirs")).toEqual([
      "B1",
    ]);
    expect(chain("submit\nreplaced B2 theirs")).toEqual([]);
  });

  it("a report that names neither is about the order there is", () => {
    const report = { ...headOf(), brokerOrderId: null, reference: null } as const;
    expect(typesOf(stateAfter("submit\nack"), { ...report, kind: "expired" })).toEqual([
      "OrderExpired",
    ]);
  });

  it("a change behind a refused one takes a reference that was never used", () => {
    const refused = stateAfter("submit\nack\nwant replace qty 20\nreplace refused");
    const change = { quantity: of("21") };
    expect(decideReplace(refused, change, { traits: TRAITS, referenceOf })).toMatchObject({
      events: [{ type: "ReplaceRequested", generation: 3, reference: referenceOf(3) }],
    });
    expect(refused.reference).toBe(referenceOf(1));
  });

  it("a cancel that is wanted stays wanted when a replace is asked for behind it", () => {
    const cancelling = stateAfter("submit\nack\nwant cancel");
    const change = { quantity: of("20") };
    const names = { generation: 2, reference: referenceOf(2) };
    const asked = { type: "ReplaceRequested", orderId: ORDER, ...names, change } as const;
    expect(evolve(cancelling, asked, NOW).pendingAction).toBe("cancel");
  });

  it("a cancel that is refused while a change is on its way leaves both wanted", () => {
    const steps = "submit\nack\nwant replace qty 20\nwant cancel\ncancel refused";
    const state = stateAfter(steps);
    expect(state.pendingAction).toBe("cancel");
    expect(state.pendingReplace).not.toBeNull();
  });
});

describe("an order found over while a replace is on its way", () => {
  it("ends, and the replace is answered by itself", () => {
    const state = stateAfter("submit\nack\nwant replace qty 20");
    const outcome = {
      result: "found",
      snapshot: snapshotOf(state, { status: "rejected" }),
    } as const;
    const context = { traits: TRAITS, now: NOW, mayResend: true };
    const call = { kind: "lookup", orderId: ORDER, outcome } as const;
    const { events } = factsFromOutcome(state, call, context);
    expect(events.map(({ type }) => type)).toEqual(["OrderRejected"]);
  });
});

describe("an answer that is the replace itself, where the broker takes no references", () => {
  it("tells what the new order has filled already", () => {
    const state = stateAfter("submit\nack\nwant replace qty 20");
    const change = { brokerOrderId: brokerId("B2"), filledQuantity: of("4") };
    const outcome = { result: "requested", snapshot: snapshotOf(state, change) } as const;
    const traits = { ...TRAITS, referenceUnique: "never" } as const;
    const answer = factsFromOutcome(
      state,
      { kind: "replace", orderId: ORDER, generation: 2, outcome },
      { traits, now: NOW, mayResend: true },
    );
    expect(answer.missingExecutions).toBe(true);
  });
});

describe("what somebody else's replace made of the order", () => {
  const theirs: { readonly reference: BrokerReference } = { reference: asId("theirs") };

  it("is read from the new order as far as it shows it", () => {
    const state = stateAfter("submit\nack");
    const snapshot = snapshotOf(state, {
      ...theirs,
      brokerOrderId: brokerId("B2"),
      quantity: null,
      limitPrice: null,
      stopPrice: of("90"),
    });
    const names = { newBrokerOrderId: brokerId("B2"), newReference: null };
    const report = { ...headOf("B1"), kind: "replaced", ...names, snapshot } as const;
    const [event] = told(state, report).events;
    expect(event?.type === "OrderReplaced" && event.change).toEqual({ stopPrice: of("90") });
  });

  const seenAs = (state: OrderState, change: Partial<BrokerOrderSnapshot>) => {
    const snapshot = snapshotOf(state, { brokerOrderId: brokerId("B2"), ...change });
    const head = { ...headOf("B2"), reference: snapshot.reference };
    const { events } = told(state, { ...head, kind: "seen", snapshot });
    return events.filter(({ type }) => type !== "ReplacementShown");
  };
  const replaced = stateAfter("submit\nack\nreplaced B2 theirs");

  it("is its quantity, when it is another one", () => {
    expect(seenAs(replaced, { ...theirs, quantity: of("15") })).toEqual([
      {
        type: "OrderReplaced",
        orderId: ORDER,
        generation: 2,
        reference: null,
        brokerOrderId: "B2",
        change: { quantity: of("15") },
      },
    ]);
    expect(seenAs(replaced, { ...theirs, quantity: of("10") })).toEqual([]);
    expect(seenAs(replaced, { ...theirs, quantity: null })).toEqual([]);
  });

  it("is read also where neither side knows a reference", () => {
    const adopted = { ...replaced, reference: null };
    expect(seenAs(adopted, { quantity: of("15") })).toMatchObject([{ type: "OrderReplaced" }]);
  });

  it("is nothing under our own reference: it has the terms that we asked for", () => {
    const ours = stateAfter("submit\nack\nwant replace qty 20\nreplaced B2");
    expect(seenAs(ours, { quantity: of("16") })).toEqual([]);
  });

  it("is kept as it is shown, once", () => {
    const ours = stateAfter("submit\nack\nwant replace qty 20\nreplaced B2\nseen accepted 0 on B2");
    expect(ours.shown).toEqual({ quantity: of("20"), filledQuantity: of("0") });
    const replacedAgain = stateAfter(
      "submit\nack\nwant replace limit 9\nreplaced B2\nseen accepted 0 on B2\nwant replace limit 8\nreplaced B3",
    );
    expect(replacedAgain.shown).toBeNull();
  });

  it("tells how the broker counts where we know the whole, and that holds for the next ones", () => {
    const next = "want replace limit 8\nreplaced B3";
    const after = (seen: string) =>
      stateAfter(`submit\nack\nfill 4@10\nwant replace limit 9\nreplaced B2\n${seen}\n${next}`);
    expect(after("seen accepted 0 on B2 qty 6").counting).toBe("rest");
    expect(after("seen partially_filled 4 on B2 qty 10").counting).toBe("whole");
    expect(after("seen accepted 0 on B2 qty 10").counting).toBeNull();
    expect(after("seen accepted 0 on B2 qty 6 theirs").counting).toBeNull();
    const none = stateAfter(
      `submit\nack\nwant replace limit 9\nreplaced B2\nseen accepted 0 on B2`,
    );
    expect(none.counting).toBeNull();
  });

  it("is no quantity for an order of an amount of money", () => {
    const steps = "submit\nack\nreplaced B2 theirs";
    const notional = stateAfter(steps, { quantity: null, notional: of("1000") });
    expect(seenAs(notional, { ...theirs, quantity: of("10") })).toEqual([]);
  });
});
