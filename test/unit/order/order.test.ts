// Ids, partitions, and what is read off an order.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { AccountId, SignalId } from "../../../src/domain/ids.ts";
import { factsFromOutcome } from "../../../src/domain/order/outcome.ts";
import { deriveOrderId } from "../../../src/domain/order/derive.ts";
import { evolve } from "../../../src/domain/order/evolve.ts";
import type { OrderState } from "../../../src/domain/order/state.ts";
import {
  averagePrice,
  isPresumedGone,
  remainingNotional,
  remainingQuantity,
  workingExposure,
} from "../../../src/domain/order/status.ts";
import type { OrderEvent } from "../../../src/domain/order/status.ts";
import { fnv1a, partitionOf } from "../../../src/domain/partition.ts";
import {
  brokerId,
  executionOf,
  ORDER,
  orderOf,
  referenceOf,
  TRAITS,
} from "../../support/orders.ts";
import { play } from "./script.ts";

const SIGNAL = asId<SignalId>("018f0000-0000-7000-8000-0000000abc00");
const text = (value: Decimal | null): string | null => value?.toString() ?? null;

describe("order ids", () => {
  it("are the source's id with its own last byte", () => {
    expect(deriveOrderId(SIGNAL, 1)).toBe("018f0000-0000-7000-8000-0000000abc01");
    expect(deriveOrderId(SIGNAL, 255)).toBe("018f0000-0000-7000-8000-0000000abcff");
  });

  it.each([0, 256, -1, 1.5])("there is no order %d of a source", (n) => {
    expect(() => deriveOrderId(SIGNAL, n)).toThrow(`one source has orders 1 to 255, not ${n}`);
  });

  it.each([
    "",
    "018f0000-0000-7000-8000-0000000abc01",
    "018F0000-0000-7000-8000-0000000ABC00",
    `x${SIGNAL}`,
    `${SIGNAL}00`,
  ])("%j is no source", (id) => {
    expect(() => deriveOrderId(asId<SignalId>(id), 1)).toThrow(
      `orders derive from a lower-case UUID that ends in 00, not ${id}`,
    );
  });
});

describe("partitions", () => {
  // The published test vectors of FNV-1a, 32 bits: they must never change.
  it.each([
    ["", 0x811c9dc5],
    ["a", 0xe40c292c],
    ["foobar", 0xbf9cf968],
  ])("%j hashes to %d", (of, hash) => {
    expect(fnv1a(of)).toBe(hash);
  });

  it("lie between nothing and their number, and stay", () => {
    const accounts = Array.from({ length: 500 }, (_, index) => asId<AccountId>(`account-${index}`));
    const partitions = accounts.map((account) => partitionOf(account, 8));
    expect(new Set(partitions)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(accounts.map((account) => partitionOf(account, 1)).every((each) => each === 0)).toBe(
      true,
    );
  });

  it.each([0, -1, 1.5])("%d partitions are none", (count) => {
    expect(() => partitionOf(asId<AccountId>("a"), count)).toThrow(RangeError);
  });
});

const stateAfter = (steps: string): OrderState => play({ rule: "", steps, ends: "" }).stage.state;

describe("what is read off an order", () => {
  it("its average price, once something is filled", () => {
    expect(averagePrice(stateAfter("submit\nack"))).toBeNull();
    expect(text(averagePrice(stateAfter("submit\nack\nfill 1@100\nfill 2@101")))).toBe(
      "100.666666666667",
    );
  });

  it("what is left of it, until it is over", () => {
    expect(text(remainingQuantity(stateAfter("submit\nack\nfill 4@100")))).toBe("6");
    expect(text(remainingQuantity(stateAfter("submit\nack\nfill 4@100\ncancelled")))).toBe("0");
    expect(text(remainingQuantity(stateAfter("submit\nack\nfill 12@100")))).toBe("0");
  });

  it("what is left of a notional", () => {
    const order = orderOf({ quantity: null, notional: Decimal.of("1000") });
    expect(remainingQuantity(order)).toBeNull();
    expect(text(remainingNotional(order))).toBe("1000");
    expect(workingExposure(order)).toEqual({ quantity: null, notional: Decimal.of("1000") });
  });

  it.each([
    ["held 60", "10"],
    ["submit", "10"],
    ["submit\nanswer unresolved", "10"],
    ["submit\nack\nfill 4@100", "6"],
    ["submit\nack\nfill 4@100\nwant cancel", "6"],
    ["submit\nack\nfill 4@100\nwant replace qty 20", "16"],
    ["submit\nack\nfill 4@100\nwant replace qty 5", "6"],
    ["submit\nack\nwant replace limit 99", "10"],
    ["submit\nack\ncancelled", "0"],
  ])("what may still fill, at most: %j", (steps, quantity) => {
    const { quantity: most, notional } = workingExposure(stateAfter(steps));
    expect([text(most), notional]).toEqual([quantity, null]);
  });
});

describe("an order that we believe gone", () => {
  const ended = (change: Partial<OrderState>): OrderState => ({
    ...orderOf(),
    status: "rejected",
    closedBy: "engine",
    ...change,
  });
  const sent = { reference: referenceOf(1) };
  const adopted = { brokerOrderId: brokerId("B1") };

  it.each([
    ["was never sent", {}, false],
    ["was sent", sent, true],
    ["was adopted under the broker's name", adopted, true],
    ["was ended by the broker", { ...sent, closedBy: "broker" }, false],
    ["is open", { ...sent, status: "submitted", closedBy: null }, false],
  ] as const)("may live at the broker after all, when it %s: %#", (_name, change, expected) => {
    expect(isPresumedGone(ended(change))).toBe(expected);
  });
});

describe("generations", () => {
  const submitted: OrderEvent = {
    type: "OrderSubmitted",
    orderId: ORDER,
    generation: 1,
    reference: referenceOf(1),
    verdicts: null,
    mark: null,
  };

  it("a send that is repeated keeps its reference and its generation", () => {
    const { state } = play({ rule: "", steps: "submit\nanswer 429\nsubmit", ends: "" }).stage;
    expect([state.generation, state.reference]).toEqual([1, referenceOf(1)]);
  });

  it("a replace takes the next generation, and its reference when it is done", () => {
    expect(stateAfter("submit\nack\nwant replace qty 20").reference).toBe(referenceOf(1));
    const replaced = stateAfter("submit\nack\nwant replace qty 20\nreplaced B2");
    expect([replaced.generation, replaced.reference]).toEqual([2, referenceOf(2)]);
    expect([replaced.brokerOrderId, replaced.brokerOrderChain]).toEqual(["B2", ["B1"]]);
  });

  it("an answer to an earlier generation says nothing", () => {
    const state = evolve(orderOf(), { ...submitted, generation: 2 }, 2_000);
    const answer = factsFromOutcome(
      state,
      { kind: "submit", orderId: ORDER, generation: 1, outcome: { result: "duplicate" } },
      { traits: TRAITS, now: 3_000, mayResend: true },
    );
    expect(answer.events).toEqual([]);
  });

  it("a fill names the broker order that an answer has not named yet", () => {
    const execution = executionOf({
      id: "x",
      quantity: "1",
      price: "100",
      cumulative: "1",
      brokerOrderId: "B7",
    });
    const state = evolve(
      evolve(orderOf(), submitted, 2_000),
      { type: "OrderExecuted", orderId: ORDER, execution },
      3_000,
    );
    expect(state.brokerOrderId).toBe(brokerId("B7"));
  });
});

describe("a derived price", () => {
  it("that does not divide is rounded to twelve places, ties to even", () => {
    const rest = (sum: string): string | undefined => {
      const steps = `submit\nack\nfill 2@100 as X cum 2\nfill ${sum} as S cum 10 snapshot`;
      return text(stateAfter(steps).executions[1]?.price ?? null) ?? undefined;
    };
    // Eight are left of 1000.0000000001, less 200, and of 1000.0000000003.
    expect(rest("10@100.00000000001")).toBe("100.000000000012");
    expect(rest("10@100.00000000003")).toBe("100.000000000038");
  });

  it("is what is left of the sum's money", () => {
    const { executions } = stateAfter(
      "submit\nack\nfill 4@100 as X cum 4\nfill 10@103 as S cum 10 snapshot",
    );
    expect(executions.map(({ quantity, price }) => `${quantity}@${price}`)).toEqual([
      "4@100",
      "6@105",
    ]);
  });

  it("is the sum's own where the parts do not fit", () => {
    const { executions } = stateAfter(
      "submit\nack\nfill 4@100 as X cum 4\nfill 4@1 as S cum 6 snapshot",
    );
    expect(executions.map(({ quantity, price }) => `${quantity}@${price}`)).toEqual([
      "4@100",
      "2@1",
    ]);
  });
});
