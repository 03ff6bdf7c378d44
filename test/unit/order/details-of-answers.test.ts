// What the one-line stories do not show of answers: the words, the instants and the names in them.
import { describe, expect, it } from "vitest";
import type { BrokerReport, CallOutcome } from "../../../src/domain/broker.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { decideExpire, decideReplace } from "../../../src/domain/order/decide.ts";
import { evolve } from "../../../src/domain/order/evolve.ts";
import { LOOKUP_INTERVAL_MS } from "../../../src/domain/order/lookup.ts";
import { factsFromOutcome, FIRST_LOOKUP_DELAY_MS } from "../../../src/domain/order/outcome.ts";
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
const orderId = ORDER;
const NOW = 9_000;

const stateAfter = (steps: string, terms: Partial<OrderTerms> = {}): OrderState =>
  play({ rule: "", steps, ends: "", terms }).stage.state;
const told = (state: OrderState, outcome: CallOutcome) =>
  factsFromOutcome(state, outcome, { traits: TRAITS, now: NOW, mayResend: true });
const submitEnd = (outcome: Extract<CallOutcome, { kind: "submit" }>["outcome"]): CallOutcome => ({
  kind: "submit",
  orderId,
  generation: 1,
  outcome,
});

describe("instants", () => {
  it("over the rate budget the order waits until the broker says", () => {
    const { wishes, events } = told(
      stateAfter("submit"),
      submitEnd({ result: "rate_limited", retryAt: 60_000 }),
    );
    expect(wishes).toEqual([{ kind: "release", notBefore: 60_000 }]);
    expect(events).toMatchObject([{ type: "OrderHeld", reason: "rate_budget", until: 60_000 }]);
  });

  it("what did not leave may go at once", () => {
    const { wishes } = told(stateAfter("submit"), submitEnd({ result: "not_sent", cause: "" }));
    expect(wishes).toEqual([{ kind: "release", notBefore: NOW }]);
  });

  it("the first look waits a moment, the next ones longer", () => {
    const cause = { result: "unresolved", cause: "reset", alarm: false } as const;
    const first = told(stateAfter("submit"), submitEnd(cause));
    expect(first.wishes).toEqual([{ kind: "lookup", notBefore: NOW + FIRST_LOOKUP_DELAY_MS }]);
    const notFound = { kind: "lookup", orderId, outcome: { result: "not_found" } } as const;
    const next = told(stateAfter("submit\nanswer unresolved"), notFound);
    expect(next.wishes).toEqual([{ kind: "lookup", notBefore: NOW + LOOKUP_INTERVAL_MS }]);
  });

  it("what nobody could look up now is looked up a second later", () => {
    const down = { result: "unavailable", cause: "down" } as const;
    const call = { kind: "lookup", orderId, outcome: down } as const;
    const { wishes } = told(stateAfter("submit\nanswer unresolved"), call);
    expect(wishes).toEqual([{ kind: "lookup", notBefore: NOW + 1_000 }]);
  });

  it("what was asked too often is looked up when the broker says that it may be, and no sooner than that", () => {
    for (const [wait, later] of [
      [60_000, 60_000],
      [10, 1_000],
    ] as const) {
      const limited = { result: "rate_limited", retryAt: NOW + wait } as const;
      const call = { kind: "lookup", orderId, outcome: limited } as const;
      const { wishes } = told(stateAfter("submit\nanswer unresolved"), call);
      expect(wishes).toEqual([{ kind: "lookup", notBefore: NOW + later }]);
    }
  });

  it("so is a replace of which nothing is seen yet", () => {
    const state = stateAfter("submit\nack\nwant replace qty 20\nreplace answer unresolved");
    const found = { result: "found", snapshot: snapshotOf(state) } as const;
    const { wishes } = told(state, { kind: "lookup", orderId, outcome: found });
    expect(wishes).toEqual([{ kind: "lookup", notBefore: NOW + 1_000 }]);
  });

  it.each([
    [{ result: "rate_limited", retryAt: 60_000 }, 60_000],
    [{ result: "not_sent", cause: "" }, NOW],
  ] as const)(
    "a cancel that did not arrive goes again, a replace does not: %#",
    (outcome, notBefore) => {
      const cancelling = stateAfter("submit\nack\nwant cancel");
      const cancel = told(cancelling, { kind: "cancel", orderId, outcome });
      expect(cancel.wishes).toEqual([{ kind: "resend_cancel", notBefore }]);
      const replacing = stateAfter("submit\nack\nwant replace qty 20");
      const replace = told(replacing, { kind: "replace", orderId, generation: 2, outcome });
      expect(replace.wishes).toEqual([]);
    },
  );

  it("a second lost answer does not start the clock again", () => {
    const state = stateAfter("submit\nanswer unresolved\nnot found");
    const cause = { result: "unresolved", cause: "again", alarm: false } as const;
    const { events } = told(state, submitEnd(cause));
    expect(events).toMatchObject([{ unresolved: { since: 4_000, lookups: 1, cause: "again" } }]);
  });

  it("a hold is over at its instant, and a validity too", () => {
    const held = stateAfter("held 60");
    expect(decideExpire(held, 59_999)).toBeNull();
    expect(decideExpire(held, 60_000)?.ok).toBe(true);
    const valid = orderOf({}, { validUntil: 5_000 });
    expect(decideExpire(valid, 4_999)).toBeNull();
    expect(decideExpire(valid, 5_000)?.ok).toBe(true);
  });
});

describe("words", () => {
  it("a broker's code stands in the message once", () => {
    const rejected = (code: string, message: string) =>
      factsFromReport(
        stateAfter("submit"),
        { ...headOf(), kind: "rejected", code, message },
        NOW,
      ).events.slice(-1);
    expect(rejected("403", "no")).toMatchObject([{ message: "no (403)" }]);
    expect(rejected("403", "error 403")).toMatchObject([{ message: "error 403" }]);
    expect(rejected("", "no")).toMatchObject([{ message: "no" }]);
  });

  it.each(["submit\nrejected", "submit\nanswer unresolved\nrejected", "submit\nseen rejected 0"])(
    "an order rejected under a name of the broker's keeps it: %j",
    (steps) => {
      const { status, closedBy, brokerOrderId } = stateAfter(steps);
      expect([status, closedBy, brokerOrderId]).toEqual(["rejected", "broker", "B1"]);
    },
  );

  it("a replace refused by the new order's rejection says why", () => {
    const state = stateAfter("submit\nack\nwant replace qty 20");
    const head = headOf("B2", "ref-2");
    const snapshot = snapshotOf(state, { brokerOrderId: brokerId("B2"), status: "rejected" });
    const said = (report: BrokerReport) => factsFromReport(state, report, NOW).events;
    expect(said({ ...head, kind: "rejected", code: "", message: "too late" })).toMatchObject([
      { type: "ReplaceRefused", message: "too late" },
    ]);
    expect(
      said({ ...head, kind: "seen", snapshot: { ...snapshot, message: "gone" } }),
    ).toMatchObject([{ message: "gone" }]);
    expect(said({ ...head, kind: "seen", snapshot })).toMatchObject([
      { message: "The broker rejected the new order." },
    ]);
  });

  it("an odd end of a call is told", () => {
    const cause = { result: "unresolved", cause: "code 999", alarm: true } as const;
    const submit = told(stateAfter("submit"), submitEnd(cause));
    expect(submit.alarms).toMatchObject([{ code: "broker_outcome" }]);
    const cancel = { kind: "cancel", orderId, outcome: cause } as const;
    expect(told(stateAfter("submit\nack\nwant cancel"), cancel).alarms).toHaveLength(1);
    const replace = { kind: "replace", orderId, generation: 2, outcome: cause } as const;
    const replacing = stateAfter("submit\nack\nwant replace qty 20");
    expect(told(replacing, replace).alarms).toHaveLength(1);
  });

  it("an order that never arrived says how often it was looked for", () => {
    const steps = "submit\nanswer unresolved\nnot found\nnot found\nwait 20\nnot found";
    const resent = play({ rule: "", steps, ends: "" }).stage.added;
    expect(resent.map(({ type }) => type)).toEqual(["OrderResolved", "OrderHeld"]);
    expect(resent[0]).toMatchObject({ how: expect.stringContaining("3 times") });
    const given = play({ rule: "", steps, ends: "", mayResend: false }).stage.state;
    expect(given.errorMessage).toContain("3 times");
  });
});

describe("names", () => {
  it("an execution without a broker order has the report's", () => {
    const execution = {
      ...executionOf({ id: "x", quantity: "1", price: "1", cumulative: "1" }),
      brokerOrderId: null,
    };
    const state = stateAfter("submit\nack");
    const executed = factsFromReport(state, { ...headOf("B1"), kind: "executed", execution }, NOW);
    expect(executed.events).toMatchObject([{ execution: { brokerOrderId: "B1", orderId } }]);
    const filled = stateAfter("submit\nack\nfill 4@100 as X");
    const report = {
      ...headOf("B1"),
      kind: "corrected",
      executionId: executionId("X"),
      by: execution,
    } as const;
    expect(factsFromReport(filled, report, NOW).events).toMatchObject([
      { by: { brokerOrderId: "B1", orderId } },
    ]);
  });

  it("an answer to another generation of a replace says nothing", () => {
    const state = stateAfter("submit\nack\nwant replace qty 20");
    const refused = { result: "refused", message: "no" } as const;
    const end = (generation: number) =>
      ({ kind: "replace", orderId, generation, outcome: refused }) as const;
    expect(told(state, end(1)).events).toEqual([]);
    expect(told(state, end(2)).events).toMatchObject([{ type: "ReplaceRefused" }]);
  });

  it("somebody else's replace takes the next generation, and the terms of its order", () => {
    const state = stateAfter("submit\nack");
    const report = (of: string | null): BrokerReport => ({
      ...headOf("B1"),
      kind: "replaced",
      newBrokerOrderId: brokerId("B2"),
      newReference: null,
      snapshot:
        of === null
          ? null
          : snapshotOf(state, {
              brokerOrderId: brokerId(of),
              quantity: Decimal.of("15"),
              limitPrice: Decimal.of("99"),
            }),
    });
    const changeOf = (from: string | null) => {
      const [event] = factsFromReport(state, report(from), NOW).events;
      return event?.type === "OrderReplaced" ? [event.generation, event.change] : null;
    };
    expect(changeOf("B2")).toEqual([2, { quantity: of("15"), limitPrice: of("99") }]);
    expect(changeOf("B1")).toEqual([2, {}]);
    expect(changeOf(null)).toEqual([2, {}]);
  });

  it("a replace that goes back to a known broker order is old news", () => {
    const state = stateAfter("submit\nack\nwant replace qty 20\nreplaced B2");
    for (const known of ["B1", "B2"]) {
      const newBrokerOrderId = brokerId(known);
      const report = {
        ...headOf("B2"),
        kind: "replaced",
        newBrokerOrderId,
        newReference: null,
      } as const;
      expect(factsFromReport(state, report, NOW).events).toEqual([]);
    }
  });

  it("an order that has no broker id yet cannot be replaced", () => {
    const nameless = evolve(
      stateAfter("submit"),
      { type: "OrderAccepted", orderId, brokerOrderId: null, brokerAt: 1 },
      NOW,
    );
    const decision = decideReplace(
      nameless,
      { quantity: of("20") },
      { traits: TRAITS, referenceOf },
    );
    expect(decision).toMatchObject({ ok: false, code: "not_at_broker_yet" });
  });
});

describe("an order found under our reference", () => {
  const STOP = { type: "stop", limitPrice: null, stopPrice: of("90") } as const;
  const found = (terms: Partial<OrderTerms>, change: Parameters<typeof snapshotOf>[1]) => {
    const state = stateAfter("submit\nanswer unresolved", terms);
    const snapshot = snapshotOf(state, change);
    return told(state, { kind: "lookup", orderId, outcome: { result: "found", snapshot } })
      .events[0];
  };

  it.each([
    ["another limit price", {}, { limitPrice: of("99") }],
    ["another stop price", STOP, { stopPrice: of("91") }],
    ["another type", {}, { type: "stop_limit" }],
    ["a type that is not known", {}, { type: null }],
    ["another instrument", {}, { instrumentId: null }],
    ["a notional", {}, { quantity: null, notional: of("10") }],
    ["a notional beside the quantity", {}, { notional: of("10") }],
  ] as const)("with %s is not ours", (_name, terms, change) => {
    expect(found(terms, change)).toMatchObject({
      type: "OrderRejected",
      by: "broker",
      code: "broker_duplicate_mismatch",
    });
  });

  it("a trailing stop is ours, whatever stop price the broker computed", () => {
    const trailing = { type: "trailing_stop", limitPrice: null, trailPrice: of("2") } as const;
    expect(found(trailing, { stopPrice: of("91.5") })).toMatchObject({ type: "OrderAccepted" });
  });

  it.each([
    ["instrument is null, not XNYS:AAPL", {}, { instrumentId: null }],
    ["side is sell, not buy", {}, { side: "sell" }],
    ["type is market, not limit", {}, { type: "market" }],
    ["quantity is 7, not 10", {}, { quantity: of("7") }],
    ["notional is 10, not null", {}, { notional: of("10") }],
    ["limit price is 99, not 100", {}, { limitPrice: of("99") }],
    ["stop price is 91, not 90", STOP, { stopPrice: of("91") }],
  ] as const)("says that its %s", (difference, terms, change) => {
    expect(found(terms, change)).toMatchObject({
      message: `Broker order B1 has the reference ref-1 but its ${difference}.`,
    });
  });

  it("is ours while the answer may still come, though a word of it is not known here", () => {
    const state = stateAfter("submit");
    const snapshot = snapshotOf(state, { type: null });
    const report = { ...headOf("B1", "ref-1"), kind: "seen", snapshot } as const;
    expect(factsFromReport(state, report, NOW).events).toMatchObject([{ type: "OrderAccepted" }]);
  });
});
