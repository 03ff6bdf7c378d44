// Cases 1 to 29: orders, and how each call that changes one may end.
import { expect } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, OrderId } from "../../../src/domain/ids.ts";
import type { OrderTerms } from "../../../src/domain/order/spec.ts";
import type { ContractCase } from "../broker-contract.ts";
import { WORDS } from "../broker-trader.ts";
import type { Trader } from "../broker-trader.ts";

const UNKNOWN = asId<BrokerOrderId>("00000000-0000-4000-8000-000000000000");
const ten = Decimal.ofInteger(10);

async function rests(trader: Trader, terms: OrderTerms): Promise<void> {
  const { brokerOrderId } = await trader.place(terms);
  await trader.until(async () => {
    const open = await trader.port.openOrders(trader.call);
    return open.some((order) => order.brokerOrderId === brokerOrderId);
  }, "the order rests");
  expect(await trader.find(brokerOrderId)).toMatchObject({
    type: terms.type,
    timeInForce: terms.timeInForce,
    limitPrice: terms.limitPrice,
    stopPrice: terms.stopPrice,
  });
}

export const orderCases: readonly ContractCase[] = [
  {
    number: 1,
    rule: "a reference is pure, and each order and generation has its own",
    async run(trader) {
      const { reference } = trader.port.traits;
      const [one, other] = [
        "0190b3f2-0000-7000-8000-000000000001",
        "0190b3f2-0000-7000-8000-000000000002",
      ].map((id) => asId<OrderId>(id)) as [OrderId, OrderId]; // two in, two out
      expect(reference(one, 1, 1)).toBe(reference(one, 1, 1));
      const made = [reference(one, 1, 1), reference(one, 2, 2), reference(other, 1, 3)];
      expect(new Set(made).size).toBe(3);
    },
  },
  {
    number: 2,
    rule: "an accepted order comes back as it was asked for",
    async run(trader) {
      const reference = trader.reference();
      const terms = trader.resting();
      expect(await trader.place(terms, reference)).toMatchObject({
        reference,
        symbol: trader.broker.stock.symbol,
        instrumentId: trader.broker.stock.id,
        side: "buy",
        type: "limit",
        timeInForce: "day",
        quantity: ten,
        limitPrice: terms.limitPrice,
        filledQuantity: Decimal.ZERO,
      });
    },
  },
  {
    number: 3,
    rule: "a market order fills, and says at what price",
    async run(trader) {
      const { brokerOrderId } = await trader.place(trader.terms());
      await trader.untilStatus(brokerOrderId, "filled");
      const order = await trader.find(brokerOrderId);
      expect(order?.filledQuantity.eq(ten)).toBe(true);
      expect(order?.averagePrice?.isPositive()).toBe(true);
    },
  },
  {
    number: 4,
    rule: "a limit order away from the market rests",
    run: (trader) => rests(trader, trader.resting()),
  },
  {
    number: 5,
    rule: "an order good till cancelled rests",
    run: (trader) => rests(trader, trader.resting({ timeInForce: "gtc" })),
  },
  {
    number: 6,
    rule: "a resting order can be cancelled",
    async run(trader) {
      const { brokerOrderId } = await trader.place(trader.resting());
      const outcome = await trader.port.cancel(brokerOrderId, trader.call);
      expect(outcome).toEqual({ result: "requested" });
      await trader.untilStatus(brokerOrderId, "cancelled");
      const open = await trader.port.openOrders(trader.call);
      expect(open.map((order) => order.brokerOrderId)).not.toContain(brokerOrderId);
    },
  },
  {
    number: 7,
    rule: "the cancel of a filled order is refused, in words",
    async run(trader) {
      const { brokerOrderId } = await trader.place(trader.terms());
      await trader.untilStatus(brokerOrderId, "filled");
      const outcome = await trader.port.cancel(brokerOrderId, trader.call);
      expect(outcome).toMatchObject({ result: "refused", message: WORDS });
    },
  },
  {
    number: 8,
    rule: "the cancel of an order that never was finds nothing",
    async run(trader) {
      expect(await trader.port.cancel(UNKNOWN, trader.call)).toEqual({ result: "not_found" });
    },
  },
  {
    number: 9,
    rule: "a reference that is used is a duplicate, and makes no second order",
    onlyIf: (traits) => traits.referenceUnique !== "never",
    async run(trader) {
      const reference = trader.reference();
      const { brokerOrderId } = await trader.place(trader.resting(), reference);
      expect(await trader.submit(trader.resting(), reference)).toEqual({ result: "duplicate" });
      const open = await trader.port.openOrders(trader.call);
      expect(open.map((order) => order.brokerOrderId)).toEqual([brokerOrderId]);
    },
  },
  {
    number: 10,
    rule: "a reference stays used after its order has ended",
    onlyIf: (traits) => traits.referenceUnique === "forever",
    async run(trader) {
      const reference = trader.reference();
      const { brokerOrderId } = await trader.place(trader.resting(), reference);
      await trader.port.cancel(brokerOrderId, trader.call);
      await trader.untilStatus(brokerOrderId, "cancelled");
      expect(await trader.submit(trader.resting(), reference)).toEqual({ result: "duplicate" });
    },
  },
  {
    number: 11,
    rule: "two copies of one order at the same time make one order",
    onlyIf: (traits) => traits.referenceUnique !== "never",
    async run(trader) {
      const reference = trader.reference();
      const outcomes = await Promise.all(
        Array.from({ length: 5 }, () => trader.submit(trader.resting(), reference)),
      );
      const results = outcomes.map(({ result }) => result).sort();
      expect(results).toEqual(["accepted", "duplicate", "duplicate", "duplicate", "duplicate"]);
      expect(await trader.port.openOrders(trader.call)).toHaveLength(1);
    },
  },
  {
    number: 12,
    rule: "an order that breaks a rule is rejected with the broker's code and words",
    async run(trader) {
      const terms = trader.terms({ quantity: Decimal.of("100000000") });
      expect(await trader.submit(terms)).toMatchObject({
        result: "rejected",
        code: WORDS,
        message: WORDS,
      });
    },
  },
  {
    number: 13,
    rule: "an order that was rejected is nowhere",
    async run(trader) {
      const reference = trader.reference();
      await trader.submit(trader.terms({ quantity: Decimal.of("100000000") }), reference);
      expect(await trader.port.openOrders(trader.call)).toEqual([]);
      if (!trader.port.traits.findsByReference) return;
      const found = await trader.port.findByReference(reference, trader.call);
      expect(found).toEqual({ result: "not_found" });
    },
  },
  {
    number: 14,
    rule: "an order whose call was given up before it began was not sent",
    async run(trader) {
      const { stock: instrument } = trader.broker;
      const reference = trader.reference();
      const outcome = await trader.port.submit(
        { instrument, reference, terms: trader.resting() },
        { signal: AbortSignal.abort() },
      );
      expect(outcome).toMatchObject({ result: "not_sent" });
      await trader.broker.pass(100);
      expect(await trader.port.openOrders(trader.call)).toEqual([]);
    },
  },
  {
    number: 15,
    rule: "a replace changes the order and chains the broker's ids",
    onlyIf: (traits) => traits.canReplace,
    async run(trader) {
      const terms = trader.resting();
      const { brokerOrderId: old } = await trader.place(terms);
      const limitPrice = trader.low.plus(Decimal.ONE);
      const reference = trader.reference();
      const changed = { ...terms, limitPrice };
      const outcome = await trader.replace(old, { limitPrice }, changed, reference);
      if (outcome.result !== "requested") return expect.fail(JSON.stringify(outcome));
      const { brokerOrderId } = outcome.snapshot;
      expect(outcome.snapshot).toMatchObject({ reference, replaces: old, limitPrice });
      await trader.untilStatus(old, "replaced");
      expect(await trader.find(old)).toMatchObject({ replacedBy: brokerOrderId });
      const open = await trader.port.openOrders(trader.call);
      expect(open.map((order) => order.brokerOrderId)).toEqual([brokerOrderId]);
      expect(open[0]?.quantity?.eq(ten)).toBe(true);
    },
  },
  {
    number: 16,
    rule: "the replace of a filled order is refused, in words",
    onlyIf: (traits) => traits.canReplace,
    async run(trader) {
      const terms = trader.terms();
      const { brokerOrderId } = await trader.place(terms);
      await trader.untilStatus(brokerOrderId, "filled");
      const limitPrice = trader.low;
      const outcome = await trader.replace(brokerOrderId, { limitPrice }, terms);
      expect(outcome).toMatchObject({ result: "refused", message: WORDS });
    },
  },
  {
    number: 17,
    rule: "an exit that the broker makes stands below its entry",
    onlyIf: (traits) => traits.makesExitLegs,
    async run(trader) {
      const above = trader.broker.price.plus(trader.low).round(0, "down");
      const exits = {
        takeProfit: { limitPrice: above },
        stopLoss: { stopPrice: trader.low, limitPrice: null },
      };
      const entry = await trader.place(trader.terms({ timeInForce: "gtc", exits }));
      expect(entry.legs.map((leg) => `${leg.side} ${leg.type}`).sort()).toEqual([
        "sell limit",
        "sell stop",
      ]);
      await trader.untilStatus(entry.brokerOrderId, "filled");
      const found = await trader.find(entry.brokerOrderId);
      expect(found?.legs.map((leg) => leg.brokerOrderId).sort()).toEqual(
        entry.legs.map((leg) => leg.brokerOrderId).sort(),
      );
    },
  },
  {
    number: 18,
    rule: "an order to fill at once or not at all does not rest",
    async run(trader) {
      const { brokerOrderId } = await trader.place(trader.resting({ timeInForce: "ioc" }));
      await trader.untilStatus(brokerOrderId, "cancelled");
    },
  },
];
