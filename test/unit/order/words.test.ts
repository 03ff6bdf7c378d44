// The sentences of an order, as people read them: why a wish was refused, what is odd about a fact, what
// a person should know.
import { describe, expect, it } from "vitest";
import type { BrokerTraits, CallOutcome } from "../../../src/domain/broker.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { decideReplace } from "../../../src/domain/order/decide.ts";
import { factsFromOutcome } from "../../../src/domain/order/outcome.ts";
import type { OrderTerms, TermsChange } from "../../../src/domain/order/spec.ts";
import { brokerId, ORDER, referenceOf, snapshotOf, TRAITS } from "../../support/orders.ts";
import { play } from "./script.ts";
import type { Lifecycle } from "./script.ts";

const of = (text: string): Decimal => Decimal.of(text);
const after = (steps: string, more: Partial<Lifecycle> = {}) =>
  play({ rule: "", steps, ends: "", ...more }).stage;

describe("why a change is refused", () => {
  const NOTIONAL = { quantity: null, notional: of("1000") };
  const MARKET = { type: "market", limitPrice: null } as const;
  const said = (
    steps: string,
    change: TermsChange,
    more: { readonly terms?: Partial<OrderTerms>; readonly traits?: Partial<BrokerTraits> } = {},
  ) => {
    const traits = { ...TRAITS, ...more.traits };
    const decision = decideReplace(after(steps, more).state, change, { traits, referenceOf });
    return decision.ok ? null : decision.message;
  };

  it.each([
    ["submit\nack\nfill 10@100", { quantity: of("20") }, "The order is filled already."],
    ["submit\nack", { quantity: of("0") }, "quantity must be above zero, not 0."],
    ["submit\nack", { limitPrice: of("-1") }, "limitPrice must be above zero, not -1."],
    [
      "submit\nack\nfill 4@100",
      { quantity: of("4") },
      "The whole quantity must be above the 4 filled already; to keep only that, cancel.",
    ],
    ["submit\nack", { stopPrice: of("90") }, "A limit order has no stop price."],
    ["submit\nack", { trail: of("2") }, "A limit order has no trail."],
    ["submit\nack", { limitPrice: of("100") }, "The order has these terms already."],
    ["submit", { quantity: of("20") }, "The broker has not accepted the order yet."],
    ["submit\nack\nwant cancel", { quantity: of("20") }, "The order is being cancelled."],
    [
      "submit\nack\nwant replace qty 20",
      { quantity: of("30") },
      "An earlier change is not answered yet.",
    ],
    [
      "submit\nack\nwant cancel\ncancel answer unresolved",
      { quantity: of("20") },
      "An earlier request for this order is not answered yet.",
    ],
  ])("after %j: %#", (steps, change, message) => {
    expect(said(steps, change)).toBe(message);
  });

  it("says what kind of order cannot have it", () => {
    const open = "submit\nack";
    expect(said(open, { limitPrice: of("9") }, { terms: MARKET })).toBe(
      "A market order has no limit price.",
    );
    expect(said(open, { quantity: of("5") }, { terms: NOTIONAL })).toBe(
      "An order for an amount of money has no quantity.",
    );
    expect(said(open, { limitPrice: of("9") }, { terms: NOTIONAL })).toBe(
      "An order for an amount of money cannot be changed.",
    );
    expect(said(open, { quantity: of("20") }, { traits: { canReplace: false } })).toBe(
      "This broker cannot change an order: cancel it instead.",
    );
  });
});

describe("what is odd about a fact", () => {
  const flagged = (steps: string, more: Partial<Lifecycle> = {}) =>
    after(steps, more).added.flatMap((event) =>
      event.type === "OrderFlagged" ? [`${event.flag}: ${event.detail}`] : [],
    );
  const NEVER = "submit\nanswer unresolved\nnot found\nnot found\nwait 20\nnot found";

  it.each([
    ["submit\nack\nfill 8@100\nfill 5@100", "overfill: 13 filled of 10."],
    ["submit\nack\nfill 10@100 as X\ncorrect X to 12@100 as Y", "overfill: 12 filled of 10."],
    [
      "submit\nack\ncancelled\nfill 4@100 as X",
      "fill_after_close: X came when the order was cancelled.",
    ],
    [
      "submit\nack\nfill 10@100\ncancelled",
      "late_event: cancelled by the broker, heard when the order was filled.",
    ],
    [
      "submit\nrejected nameless\nack",
      "late_event: The broker has the order that it had rejected.",
    ],
    [
      "submit\nack\nanswer rejected",
      "late_event: The broker refused an order that it has: insufficient buying power (403)",
    ],
  ])("after %j: %#", (steps, detail) => {
    expect(flagged(steps)).toEqual([detail]);
  });

  it("the broker's rejection of what we had given up is told, for it did arrive", () => {
    expect(flagged(`${NEVER}\nrejected nameless`, { mayResend: false })).toEqual([
      "late_event: rejected by the broker, heard when the order was rejected.",
    ]);
  });
});

describe("what a person should know", () => {
  const told = (steps: string, more: Partial<Lifecycle> = {}) =>
    after(steps, more).answer?.alarms.map(({ message }) => message);
  const noLookup: Partial<Lifecycle> = { traits: { findsByReference: false } };
  const MAY_BE = `Order ${ORDER} may be at the broker, which cannot be asked by reference`;

  it.each([
    [
      "submit\nack\nseen unknown 0",
      `The broker shows order ${ORDER} in a status that is not known here.`,
    ],
    ["submit\nack\nnot found", `The broker does not know order ${ORDER}, which is accepted.`],
    [
      "submit\nack\nwant cancel\ncancel answer not found",
      `The broker does not know order ${ORDER} to cancel.`,
    ],
    [
      "submit\nack\ncancelled on B9",
      `cancelled for broker order B9, which order ${ORDER} does not know`,
    ],
    ["submit\nack\nbust X", `Execution X of order ${ORDER} was busted before it was known.`],
    [
      "submit\nack\ncorrect X to 3@99 as Y",
      `Execution X of order ${ORDER} was corrected before it was known.`,
    ],
  ])("after %j: %#", (steps, message) => {
    expect(told(steps)).toEqual([message]);
  });

  it("that an order may be there, where nobody can look", () => {
    expect(told("submit\nanswer unresolved", noLookup)).toEqual([`${MAY_BE}: it went wrong`]);
    expect(told("submit\nanswer duplicate", noLookup)).toEqual([
      `${MAY_BE}: The broker says that it knows this reference already.`,
    ]);
  });

  it.each([
    ["submit", "submit"],
    ["cancel", "submit\nack\nwant cancel"],
    ["replace", "submit\nack\nwant replace qty 20"],
  ] as const)("that a %s ended oddly", (kind, steps) => {
    const outcome = { result: "unresolved", cause: "code 999", alarm: true } as const;
    const generation = kind === "replace" ? 2 : 1;
    const call: CallOutcome = { kind, orderId: ORDER, generation, outcome };
    const { state } = after(steps);
    const context = { traits: TRAITS, now: 9_000, mayResend: true };
    expect(factsFromOutcome(state, call, context).alarms).toEqual([
      { code: "broker_outcome", message: `The ${kind} of order ${ORDER} ended oddly: code 999` },
    ]);
  });
});

describe("how the unknown ended", () => {
  it("a cancel of which nothing is seen is no longer waited for", () => {
    const { added } = after("submit\nack\nwant cancel\ncancel answer unresolved\nfound accepted 0");
    expect(added).toMatchObject([{ type: "OrderResolved", how: "The order is still open." }]);
  });

  const LOST = "looked for 3 times by its reference and not found";
  const LOOKS = "not found\nnot found\nwait 20\nnot found";

  it("a send that never arrived was looked for so many times", () => {
    expect(after(`submit\nanswer unresolved\n${LOOKS}`).added).toMatchObject([
      { how: `Never arrived: ${LOST}.` },
      { reason: "broker_down" },
    ]);
    expect(after(`submit\nanswer unresolved\n${LOOKS}`, { mayResend: false }).added).toEqual([
      {
        type: "OrderRejected",
        orderId: ORDER,
        by: "engine",
        code: "never_arrived",
        message: `The order was sent, no answer came, and it was ${LOST} at the broker.`,
      },
    ]);
  });

  it("so was a replace", () => {
    const steps = `submit\nack\nwant replace qty 20\nreplace answer unresolved\n${LOOKS}`;
    expect(after(steps).added).toMatchObject([
      { type: "ReplaceRefused", message: `It never arrived: ${LOST}.` },
    ]);
  });

  it("a new order found rejected refused the replace, in the broker's words where it has any", () => {
    const { state } = after("submit\nack\nwant replace qty 20\nreplace answer unresolved");
    const found = (message: string | null) => {
      const names = { brokerOrderId: brokerId("B2"), reference: referenceOf(2) };
      const snapshot = snapshotOf(state, { ...names, status: "rejected", message });
      const outcome = { result: "found", snapshot } as const;
      const context = { traits: TRAITS, now: 9_000, mayResend: true };
      return factsFromOutcome(state, { kind: "lookup", orderId: ORDER, outcome }, context).events;
    };
    expect(found("too late")).toMatchObject([{ type: "ReplaceRefused", message: "too late" }]);
    expect(found(null)).toMatchObject([{ message: "The broker rejected the new order." }]);
  });
});
