// What the one-line stories do not show of an order: who ended it, in which words, its sums and its fees.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { changedTerms, evolve } from "../../../src/domain/order/evolve.ts";
import { incrementOf } from "../../../src/domain/order/increment.ts";
import { factsFromReport } from "../../../src/domain/order/report.ts";
import type { Execution, OrderState } from "../../../src/domain/order/state.ts";
import { remainingNotional } from "../../../src/domain/order/status.ts";
import {
  brokerId,
  executionId,
  executionOf,
  headOf,
  ORDER,
  orderOf,
  TERMS,
} from "../../support/orders.ts";
import { play } from "./script.ts";
import type { Lifecycle } from "./script.ts";

const of = (text: string): Decimal => Decimal.of(text);
const orderId = ORDER;

function stateAfter(steps: string, more: Partial<Lifecycle> = {}): OrderState {
  return play({ rule: "", steps, ends: "", ...more }).stage.state;
}

describe("who ended it", () => {
  it.each([
    ["submit\nack\ncancelled", "broker"],
    ["submit\nack\nfill 10@100", "broker"],
    ["submit\nack\nfill 4@100 as X\ncorrect X to 10@99 as Y", "broker"],
    ["submit\nack\nexpired", "broker"],
    ["want cancel", "engine"],
    ["held 5\nwait 10\nwant expire", "engine"],
    ["submit\nack", null],
  ])("%j: %s", (steps, by) => {
    expect(stateAfter(steps).closedBy).toBe(by);
  });

  it("a risk rule's refusal is risk's", () => {
    const refused = {
      type: "OrderRejected",
      orderId,
      by: "risk",
      code: "stale_signal",
      message: "old",
    } as const;
    const state = evolve(orderOf(), refused, 2_000);
    expect([state.closedBy, state.rejectedBy, state.errorMessage]).toEqual(["risk", "risk", "old"]);
    // It was never sent, so there is nothing that a fact could reopen.
    const accepted = { type: "OrderAccepted", orderId, brokerOrderId: null, brokerAt: 1 } as const;
    expect(evolve(state, accepted, 3_000).status).toBe("rejected");
  });

  it("the instant of the first end stays when a late fill completes the order", () => {
    const state = stateAfter("submit\nack\ncancelled\nwait 60\nfill 10@100");
    expect([state.status, state.closedAt]).toEqual(["filled", 5_000]);
  });

  it("a filled order keeps no refusal", () => {
    const state = stateAfter("submit\nrejected\nfill 10@100");
    expect([state.rejectedBy, state.rejectCode, state.errorMessage]).toEqual([null, null, null]);
  });
});

describe("in which words", () => {
  it.each([
    ["want cancel", "somebody asked"],
    ["submit\nack\ncancelled", null],
    ["submit\nrejected", "not allowed (403)"],
    ["submit\nanswer rejected", "insufficient buying power (403)"],
    ["submit\nseen rejected 0", "The broker rejected the order and gave no reason."],
    ["held 5\nwait 10\nwant expire", "The order was held (market_closed) until its hold expired."],
    ["want cancel\nack", "somebody asked"],
  ])("%j: %s", (steps, message) => {
    expect(stateAfter(steps).errorMessage).toBe(message);
  });

  it("at the very end of its validity an order is over", () => {
    const expired = { type: "OrderExpired", orderId, by: "engine" } as const;
    const state = evolve(orderOf({}, { validUntil: 5_000 }), expired, 5_000);
    expect(state.rejectCode).toBe("valid_until_passed");
    expect(state.errorMessage).toBe("The order was not sent before the end of its validity.");
  });

  it("a hold that ends before the validity says that it was the hold", () => {
    const state = stateAfter("held 5\nwait 10\nwant expire", { validUntil: 60_000 });
    expect(state.rejectCode).toBe("hold_expired");
  });

  it("an order that is not held says so", () => {
    const state = evolve(orderOf(), { type: "OrderExpired", orderId, by: "engine" }, 5_000);
    expect(state.errorMessage).toBe("The order was held (pending) until its hold expired.");
  });
});

describe("changed terms", () => {
  it("change what is named and nothing else", () => {
    const change = {
      quantity: of("5"),
      limitPrice: of("9"),
      stopPrice: of("8"),
      timeInForce: "gtc",
    } as const;
    expect(changedTerms(TERMS, change)).toEqual({ ...TERMS, ...change });
    expect(changedTerms(TERMS, {})).toEqual(TERMS);
  });

  it("a trail changes in the way it is given", () => {
    const byPrice = { ...TERMS, trailPrice: of("2") };
    const byPercent = { ...TERMS, trailPercent: of("2") };
    expect(changedTerms(byPrice, { trail: of("3") })).toEqual({ ...TERMS, trailPrice: of("3") });
    expect(changedTerms(byPercent, { trail: of("3") })).toEqual({
      ...TERMS,
      trailPercent: of("3"),
    });
  });
});

describe("the sums of executions", () => {
  const notional = (steps: string): string => stateAfter(steps).filledNotional.toString();

  it("follow fills, busts and corrections", () => {
    expect(notional("submit\nack\nfill 4@100\nfill 2@99")).toBe("598");
    expect(notional("submit\nack\nfill 4@100 as X\nfill 2@99\nbust X")).toBe("198");
    expect(notional("submit\nack\nfill 4@100 as X\nfill 2@99\ncorrect X to 3@98 as Y")).toBe("492");
  });

  it("a closed notional has nothing left", () => {
    const terms = { quantity: null, notional: of("1000") };
    expect(remainingNotional(stateAfter("submit\nack\ncancelled", { terms }))?.toString()).toBe(
      "0",
    );
    expect(remainingNotional(stateAfter("submit\nack\nfill 4@100", { terms }))?.toString()).toBe(
      "600",
    );
  });

  it("only what was not known is remembered as void", () => {
    expect(stateAfter("submit\nack\nfill 4@100 as X\nbust X").voidedExecutions).toEqual([]);
    expect(stateAfter("submit\nack\nbust X").voidedExecutions).toEqual(["X"]);
    expect(
      stateAfter("submit\nack\nfill 4@100 as X\ncorrect X to 3@99 as Y").voidedExecutions,
    ).toEqual([]);
    expect(stateAfter("submit\nack\ncorrect X to 3@99 as Y").voidedExecutions).toEqual(["X"]);
    expect(stateAfter("submit\nack\ncorrect X to 3@99 as X").voidedExecutions).toEqual([]);
    const another = "submit\nack\nfill 4@100 as X\ncorrect Z to 3@99 as Y";
    expect(stateAfter(another).voidedExecutions).toEqual(["Z"]);
  });

  it("a corrected execution says by which", () => {
    const { executions } = stateAfter("submit\nack\nfill 4@100 as X\ncorrect X to 3@99 as Y");
    expect(executions.map(({ id, busted, correctedBy }) => [id, busted, correctedBy])).toEqual([
      ["X", true, "Y"],
      ["Y", false, null],
    ]);
  });
});

describe("what is new of an execution", () => {
  const base = stateAfter("submit\nack");
  const booked = (...executions: readonly Execution[]): OrderState =>
    executions.reduce(
      (state, execution) => evolve(state, { type: "OrderExecuted", orderId, execution }, 3_000),
      base,
    );
  const withFees = (
    id: string,
    size: readonly [string, string],
    fees: readonly [string, string],
  ) => ({
    ...executionOf({ id, quantity: size[0], price: "100", cumulative: size[1] }),
    fee: of(fees[0]),
    feeInAsset: of(fees[1]),
  });
  const newOf = (state: OrderState, execution: Execution): Execution => {
    const increment = incrementOf(state, execution);
    if (increment.kind === "known") throw new Error("nothing is new");
    return increment.execution;
  };

  it("has the fees that its parts did not have", () => {
    const state = booked(
      withFees("a", ["4", "4"], ["1", "0.1"]),
      withFees("b", ["2", "6"], ["1", "0.1"]),
    );
    const rest = newOf(state, withFees("sum", ["10", "10"], ["5", "0.5"]));
    expect([rest.quantity, rest.fee, rest.feeInAsset]).toEqual([of("4"), of("3"), of("0.3")]);
  });

  it("has no fees below nothing", () => {
    const state = booked(withFees("a", ["4", "4"], ["3", "0.3"]));
    const rest = newOf(state, withFees("sum", ["10", "10"], ["1", "0.1"]));
    expect([rest.fee.toString(), rest.feeInAsset.toString()]).toEqual(["0", "0"]);
  });

  it("is all of it, as it was told, when nothing overlaps", () => {
    const execution = withFees("a", ["4", "4"], ["1", "0"]);
    expect(newOf(base, execution)).toBe(execution);
  });

  it("is decided by the exact figures once something was busted", () => {
    const told = (id: string, cumulative: string, change: Partial<Execution> = {}): Execution => ({
      ...executionOf({ id, quantity: "2", price: "100", cumulative }),
      ...change,
    });
    const full = booked(told("a", "2"), told("b", "4"));
    const busted = evolve(
      full,
      { type: "ExecutionBusted", orderId, executionId: executionId("a") },
      4_000,
    );
    expect(incrementOf(busted, told("other", "4")).kind).toBe("known");
    expect(incrementOf(busted, told("other", "4", { price: of("101") })).kind).toBe("new");
    expect(incrementOf(busted, told("other", "4", { quantity: of("1") })).kind).toBe("new");
    expect(incrementOf(busted, told("other", "4", { executedAt: 2_001 })).kind).toBe("new");
    expect(incrementOf(busted, told("other", "6")).kind).toBe("new");
    expect(incrementOf(busted, told("other", "4", { cumulativeQuantity: null })).kind).toBe("new");
    const uncounted = { cumulativeQuantity: null, executedAt: 7_000 };
    const fill = { type: "OrderExecuted", orderId, execution: told("c", "6", uncounted) } as const;
    const also = evolve(busted, fill, 8_000);
    expect(incrementOf(also, told("other", "6", { executedAt: 7_000 })).kind).toBe("new");
  });
});

describe("a fill", () => {
  it("settles a send whose answer was lost, and nothing else that is not known", () => {
    const execution = executionOf({ id: "x", quantity: "4", price: "100", cumulative: "4" });
    const fill = { type: "OrderExecuted", orderId, execution } as const;
    const lost = stateAfter("submit\nanswer unresolved");
    expect(evolve(lost, fill, 9_000).unresolved).toBeNull();
    const cancelling = stateAfter("submit\nack\nwant cancel\ncancel answer unresolved");
    expect(evolve(cancelling, fill, 9_000).unresolved?.action).toBe("cancel");
  });
});

describe("the broker's name for an order", () => {
  const nameless = () => {
    const submitted = stateAfter("submit");
    return evolve(
      submitted,
      { type: "OrderAccepted", orderId, brokerOrderId: null, brokerAt: 1 },
      2,
    );
  };

  it("is taken when it comes after the acceptance", () => {
    const answer = factsFromReport(nameless(), { ...headOf("B5"), kind: "accepted" }, 5_000);
    expect(answer.events).toMatchObject([{ type: "OrderAccepted", brokerOrderId: brokerId("B5") }]);
  });

  it("adds nothing when there still is none", () => {
    const report = { ...headOf(), brokerOrderId: null, kind: "accepted" } as const;
    expect(factsFromReport(nameless(), report, 5_000).events).toEqual([]);
  });

  it("is taken when it comes after the end", () => {
    const report = { ...headOf(), brokerOrderId: null, kind: "cancelled" } as const;
    const { events } = factsFromReport(stateAfter("submit"), report, 5_000);
    expect(events.map(({ type }) => type)).toEqual(["OrderAccepted", "OrderCancelled"]);
    const over = events.reduce((state, event) => evolve(state, event, 5_000), stateAfter("submit"));
    const answer = factsFromReport(over, { ...headOf("B5"), kind: "accepted" }, 6_000);
    expect(answer.events).toMatchObject([{ type: "OrderAccepted", brokerOrderId: brokerId("B5") }]);
  });

  it("is not needed for a rejection, which then accepts nothing first", () => {
    const head = { ...headOf(), brokerOrderId: null };
    const report = { ...head, kind: "rejected", code: "403", message: "no" } as const;
    const { events } = factsFromReport(stateAfter("submit"), report, 5_000);
    expect(events.map(({ type }) => type)).toEqual(["OrderRejected"]);
  });

  it("makes no news of an order that is known by it", () => {
    const state = stateAfter("submit\nack");
    expect(factsFromReport(state, { ...headOf("B1"), kind: "accepted" }, 5_000).events).toEqual([]);
  });
});
