// Cases 30 to 49: what the broker knows when it is asked.
import { expect } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference } from "../../../src/domain/ids.ts";
import type { ContractCase } from "../broker-contract.ts";
import { wholeOf } from "../../support/pages.ts";

/** Instants on wires and ours differ in fineness. */
const FINENESS_MS = 2;

export const recordCases: readonly ContractCase[] = [
  {
    number: 30,
    rule: "an order is found by its reference and by its id, as the same order",
    onlyIf: (traits) => traits.findsByReference,
    async run(trader) {
      const reference = trader.reference();
      const { brokerOrderId } = await trader.place(trader.resting(), reference);
      const byReference = await trader.port.findByReference(reference, trader.call);
      const byId = await trader.port.findById(brokerOrderId, trader.call);
      expect(byReference).toMatchObject({
        result: "found",
        snapshot: { brokerOrderId, reference },
      });
      expect(byId).toEqual(byReference);
    },
  },
  {
    number: 31,
    rule: "what never was is not found",
    async run(trader) {
      const id = asId<BrokerOrderId>("00000000-0000-4000-8000-000000000000");
      expect(await trader.port.findById(id, trader.call)).toEqual({ result: "not_found" });
      if (!trader.port.traits.findsByReference) return;
      const found = await trader.port.findByReference(
        asId<BrokerReference>("never-used-by-anybody"),
        trader.call,
      );
      expect(found).toEqual({ result: "not_found" });
    },
  },
  {
    number: 32,
    rule: "every order since an instant is listed, oldest first, however many came at once",
    async run(trader) {
      const since = trader.broker.now();
      const placed = await Promise.all(
        Array.from({ length: 30 }, () => trader.place(trader.resting({ quantity: Decimal.ONE }))),
      );
      const listed = await trader.port.ordersSince(since - FINENESS_MS, trader.call);
      expect(listed.map((order) => order.brokerOrderId).sort()).toEqual(
        placed.map((order) => order.brokerOrderId).sort(),
      );
      const times = listed.map((order) => order.submittedAt);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    },
  },
  {
    number: 33,
    rule: "an order submitted at the instant itself is listed",
    async run(trader) {
      const { submittedAt, brokerOrderId } = await trader.place(trader.resting());
      const listed = await trader.port.ordersSince(submittedAt, trader.call);
      expect(listed.map((order) => order.brokerOrderId)).toContain(brokerOrderId);
    },
  },
  {
    number: 34,
    rule: "orders that have ended are listed too",
    async run(trader) {
      const since = trader.broker.now();
      const { brokerOrderId } = await trader.place(trader.resting());
      await trader.port.cancel(brokerOrderId, trader.call);
      await trader.untilStatus(brokerOrderId, "cancelled");
      const listed = await trader.port.ordersSince(since - FINENESS_MS, trader.call);
      expect(listed).toMatchObject([{ brokerOrderId, status: "cancelled" }]);
    },
  },
  {
    number: 35,
    rule: "executions add up to what their order says is filled",
    async run(trader) {
      const since = trader.broker.now();
      const { brokerOrderId } = await trader.place(trader.terms());
      await trader.untilStatus(brokerOrderId, "filled");
      await trader.until(async () => {
        const executions = await wholeOf(
          trader.port.executionsSince(since - FINENESS_MS, trader.call),
        );
        const mine = executions.filter((execution) => execution.brokerOrderId === brokerOrderId);
        const sum = Decimal.sum(mine.map((execution) => execution.quantity));
        return sum.eq(Decimal.ofInteger(10));
      }, "all its executions are listed");
    },
  },
  {
    number: 36,
    rule: "an execution says whose it is, which way, at what price",
    async run(trader) {
      const since = trader.broker.now();
      const { brokerOrderId } = await trader.place(trader.terms());
      await trader.untilStatus(brokerOrderId, "filled");
      const [first] = await wholeOf(trader.port.executionsSince(since - FINENESS_MS, trader.call));
      expect(first).toMatchObject({
        brokerOrderId,
        symbol: trader.broker.stock.symbol,
        side: "buy",
      });
      expect(first?.price.isPositive()).toBe(true);
    },
  },
  {
    number: 37,
    rule: "reading twice changes nothing",
    async run(trader) {
      const since = trader.broker.now() - FINENESS_MS;
      const { brokerOrderId } = await trader.place(trader.terms());
      await trader.untilStatus(brokerOrderId, "filled");
      const read = () =>
        Promise.all([
          trader.port.ordersSince(since, trader.call),
          wholeOf(trader.port.executionsSince(since, trader.call)),
          trader.port.positions(trader.call),
        ]);
      expect(await read()).toEqual(await read());
    },
  },
  {
    number: 38,
    rule: "a fill is the same fill in the stream and in the list, by order and cumulative quantity",
    async run(trader) {
      const since = trader.broker.now();
      await trader.listen();
      const { brokerOrderId } = await trader.place(trader.terms());
      await trader.untilStatus(brokerOrderId, "filled");
      const heard = () => trader.heard(brokerOrderId, "executed");
      const key = (fill: { cumulativeQuantity: Decimal | null; price: Decimal }) =>
        `${fill.cumulativeQuantity?.toString()} at ${fill.price.toString()}`;
      await trader.until(async () => {
        const listed = await wholeOf(trader.port.executionsSince(since - FINENESS_MS, trader.call));
        const streamed = new Set(heard().map(({ execution }) => key(execution)));
        return listed.length > 0 && listed.every((fill) => streamed.has(key(fill)));
      }, "stream and list agree");
    },
  },
  {
    number: 39,
    rule: "a read tells each request that it makes, for the rate budget",
    async run(trader) {
      let requests = 0;
      const call = { ...trader.call, onRequest: () => (requests += 1) };
      const reads = [
        () => trader.port.account(call),
        () => trader.port.openOrders(call),
        () => trader.port.ordersSince(0, call),
        () => wholeOf(trader.port.executionsSince(0, call)),
        () => trader.port.activitiesSince(0, call),
        () => trader.port.positions(call),
      ];
      for (const read of reads) {
        const before = requests;
        await read();
        expect(requests).toBeGreaterThan(before);
      }
    },
  },
];
