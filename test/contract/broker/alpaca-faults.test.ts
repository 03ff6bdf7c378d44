// The adapter and an exchange that misbehaves on purpose: what is lost on the way is found again.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { BrokerRefusesCredentials } from "../../../src/ports/broker.ts";
import { AAPL_PRICE, startMockAlpaca } from "../../support/mock-alpaca.ts";
import type { MockAlpaca } from "../../support/mock-alpaca.ts";
import { realClock } from "../../support/real-clock.ts";
import { Trader } from "../broker-trader.ts";
import { wholeOf } from "../../support/pages.ts";

const ten = Decimal.ofInteger(10);
let mock: MockAlpaca;
let trader: Trader;
beforeEach(async () => {
  mock = await startMockAlpaca();
  trader = traderOf(mock);
});
afterEach(async () => {
  await trader.close();
  await mock.stop();
});

function traderOf(alpaca: MockAlpaca): Trader {
  const stock = alpaca.directory.resolve("AAPL");
  if (stock === null) throw new Error("AAPL is not listed");
  return new Trader({
    port: alpaca.account(),
    stock,
    price: Decimal.of(AAPL_PRICE),
    now: () => alpaca.now(),
    pass: (ms) => realClock.sleep(ms),
    close: async () => undefined,
  });
}
const fault = (kind: string, more: Record<string, unknown> = {}) =>
  mock.control("/faults", { kind, times: 1, ...more });
const onOrders = { where: { method: "POST", path: "/v2/orders" } };

describe("an order whose answer was lost", () => {
  it.each([
    ["reset_after", {}],
    ["status_after", { status: 500 }],
    ["status_after", { status: 504, body: "<html>504</html>" }],
  ])("to %s %o is unresolved, and is found by its reference", async (kind, more) => {
    await fault(kind, { ...onOrders, ...more });
    const reference = trader.reference();
    expect(await trader.submit(trader.resting(), reference)).toMatchObject({
      result: "unresolved",
      alarm: false,
    });
    const found = await trader.port.findByReference(reference, trader.call);
    expect(found).toMatchObject({ result: "found", snapshot: { reference } });
    expect(await trader.submit(trader.resting(), reference)).toEqual({ result: "duplicate" });
  });

  it.each(["reset_before", "status_before"])(
    "to %s is unresolved, and may be sent again under its reference",
    async (kind) => {
      await fault(kind, onOrders);
      const reference = trader.reference();
      const outcome = await trader.submit(trader.resting(), reference);
      expect(outcome).toMatchObject({ result: "unresolved" });
      const found = await trader.port.findByReference(reference, trader.call);
      expect(found).toEqual({ result: "not_found" });
      expect(await trader.place(trader.resting(), reference)).toMatchObject({ reference });
    },
  );
});

describe("the rate limit", () => {
  it("is told with the instant at which it ends", async () => {
    await mock.control("/settings", { rate_limit_per_minute: 3 }, "PATCH");
    let outcome = await trader.submit(trader.resting());
    for (let sent = 1; sent < 5; sent += 1) outcome = await trader.submit(trader.resting());
    expect(outcome.result).toBe("rate_limited");
    expect(trader.port.rateBudget()).toMatchObject({ limit: 3, remaining: 0 });
    const retryAt = outcome.result === "rate_limited" ? outcome.retryAt : 0;
    expect(retryAt).toBeGreaterThan(Date.now() - 1);
    expect(retryAt).toBeLessThanOrEqual(Date.now() + 60_000);
  });
});

describe("credentials that the exchange does not know", () => {
  it("need a person, for orders and for reads", async () => {
    const guarded = await startMockAlpaca({ keys: { keyId: "right", secret: "right" } });
    try {
      const port = guarded.account("wrong");
      const { stock: instrument } = trader.broker;
      const request = { instrument, reference: trader.reference(), terms: trader.resting() };
      await expect(port.submit(request, trader.call)).rejects.toThrow(BrokerRefusesCredentials);
      await expect(port.account(trader.call)).rejects.toThrow(BrokerRefusesCredentials);
    } finally {
      await guarded.stop();
    }
  });
});

describe("the stream", () => {
  it("that repeats a fill gives the same execution again", async () => {
    await trader.listen();
    await fault("duplicate_frame", { copies: 2, where: { event: "fill" } });
    const { brokerOrderId } = await trader.place(trader.terms());
    await trader.until(() => trader.heard(brokerOrderId, "executed").length === 3, "three copies");
    const ids = trader.heard(brokerOrderId, "executed").map(({ execution }) => execution.id);
    expect(new Set(ids).size).toBe(1);
  });

  it("that drops a fill leaves it to the list of executions", async () => {
    await trader.listen();
    await fault("drop_frame", { where: { event: "fill" } });
    const since = mock.now();
    const { brokerOrderId } = await trader.place(trader.terms());
    await trader.untilStatus(brokerOrderId, "filled");
    await realClock.sleep(50);
    expect(trader.heard(brokerOrderId, "executed")).toEqual([]);
    const [fill] = await wholeOf(trader.port.executionsSince(since - 5, trader.call));
    expect(fill).toMatchObject({ brokerOrderId, quantity: ten, cumulativeQuantity: ten });
  });

  it("that is cut comes back by itself, and says so", async () => {
    await trader.listen();
    await mock.control("/streams/close");
    await trader.until(() => trader.connections === 2, "connected again");
    const { brokerOrderId } = await trader.place(trader.terms());
    await trader.until(() => trader.executed(brokerOrderId).eq(ten), "ten shares were heard");
    expect(trader.unreadable).toEqual([]);
  });

  it("tells partial fills whose cumulative quantities grow to the whole", async () => {
    await mock.control("/settings", { partial_fill_probability: 1 }, "PATCH");
    await trader.listen();
    const { brokerOrderId } = await trader.place(trader.terms());
    await trader.until(() => trader.executed(brokerOrderId).eq(ten), "ten shares were heard");
    const told = trader.heard(brokerOrderId, "executed").map(({ execution }) => execution);
    expect(told.length).toBeGreaterThan(1);
    let total = Decimal.ZERO;
    for (const { quantity, cumulativeQuantity } of told) {
      total = total.plus(quantity);
      expect(cumulativeQuantity?.toString()).toBe(total.toString());
    }
  });

  it("tells a fill that came after the cancel", async () => {
    await trader.listen();
    await fault("fill_after_cancel");
    const { brokerOrderId } = await trader.place(trader.resting());
    await trader.port.cancel(brokerOrderId, trader.call);
    await trader.until(() => trader.executed(brokerOrderId).eq(ten), "the late fill");
    expect(trader.heard(brokerOrderId, "cancelled")).toHaveLength(1);
  });

  it.each([
    ["bust_fill", "busted"],
    ["correct_fill", "corrected"],
  ] as const)("tells of a %s which execution it is about", async (kind, report) => {
    await mock.control("/settings", { exotic_events: true }, "PATCH");
    await trader.listen();
    await fault(kind);
    const { brokerOrderId } = await trader.place(trader.terms());
    await trader.until(() => trader.heard(brokerOrderId, report).length === 1, report);
    const [fill] = trader.heard(brokerOrderId, "executed");
    expect(trader.heard(brokerOrderId, report)[0]?.executionId).toBe(fill?.execution.id);
    expect(trader.unreadable).toEqual([]);
  });

  it("tells what the venue rejects and expires", async () => {
    await trader.listen();
    const one = await trader.place(trader.resting());
    const other = await trader.place(trader.resting());
    await mock.control(`/orders/${one.brokerOrderId}/reject`);
    await mock.control(`/orders/${other.brokerOrderId}/expire`);
    await trader.until(() => trader.heard(one.brokerOrderId, "rejected").length === 1, "rejected");
    await trader.until(() => trader.heard(other.brokerOrderId, "expired").length === 1, "expired");
    expect(await trader.port.openOrders(trader.call)).toEqual([]);
  });

  it("tells a cancel that the venue refused", async () => {
    await mock.control("/settings", { exotic_events: true }, "PATCH");
    await trader.listen();
    await fault("refuse_cancel");
    const { brokerOrderId } = await trader.place(trader.resting());
    await trader.port.cancel(brokerOrderId, trader.call);
    await trader.until(
      () => trader.heard(brokerOrderId, "cancel_refused").length === 1,
      "the refusal",
    );
    expect((await trader.find(brokerOrderId))?.status).toBe("accepted");
  });
});

describe("fees on coins", () => {
  it("are activities that take from what is held", async () => {
    await mock.control("/settings", { crypto_fee_rate: "0.0025" }, "PATCH");
    const pair = mock.directory.resolve("BTC/USD");
    if (pair === null) throw new Error("BTC/USD is not listed");
    const terms = trader.terms({ quantity: Decimal.of("0.01"), timeInForce: "gtc" });
    const since = mock.now();
    const outcome = await trader.port.submit(
      { instrument: pair, reference: trader.reference(), terms },
      trader.call,
    );
    expect(outcome).toMatchObject({ result: "accepted" });
    const fees = await trader.port.activitiesSince(since, trader.call);
    expect(fees).toMatchObject([
      { type: "CFEE", instrumentId: pair.id, quantity: Decimal.of("-0.000025") },
    ]);
  });
});
