// Cases 50 to 69: what the broker says by itself.
import { expect } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { ContractCase } from "../broker-contract.ts";

const ten = Decimal.ofInteger(10);

export const streamCases: readonly ContractCase[] = [
  {
    number: 50,
    rule: "a fill is heard, whole and with its order",
    async run(trader) {
      await trader.listen();
      const reference = trader.reference();
      const { brokerOrderId } = await trader.place(trader.terms(), reference);
      await trader.until(() => trader.executed(brokerOrderId).eq(ten), "ten shares were heard");
      const [first] = trader.heard(brokerOrderId, "executed");
      expect(first).toMatchObject({ accountId: trader.port.accountId, reference });
      expect(first?.execution.price.isPositive()).toBe(true);
      expect(first?.execution.source).toBe("stream");
    },
  },
  {
    number: 51,
    rule: "each fill tells how much of its order was filled then",
    async run(trader) {
      await trader.listen();
      const { brokerOrderId } = await trader.place(trader.terms());
      await trader.until(() => trader.executed(brokerOrderId).eq(ten), "ten shares were heard");
      let total = Decimal.ZERO;
      for (const { execution } of trader.heard(brokerOrderId, "executed")) {
        total = total.plus(execution.quantity);
        if (execution.cumulativeQuantity === null) continue;
        expect(execution.cumulativeQuantity.toString()).toBe(total.toString());
      }
    },
  },
  {
    number: 52,
    rule: "an acceptance is heard",
    async run(trader) {
      await trader.listen();
      const { brokerOrderId } = await trader.place(trader.resting());
      await trader.until(() => trader.heard(brokerOrderId, "accepted").length > 0, "accepted");
    },
  },
  {
    number: 53,
    rule: "a cancel is heard when it has happened",
    async run(trader) {
      await trader.listen();
      const { brokerOrderId } = await trader.place(trader.resting());
      await trader.port.cancel(brokerOrderId, trader.call);
      await trader.until(() => trader.heard(brokerOrderId, "cancelled").length > 0, "cancelled");
    },
  },
  {
    number: 54,
    rule: "a replace is heard with the id that takes over",
    onlyIf: (traits) => traits.canReplace,
    async run(trader) {
      await trader.listen();
      const terms = trader.resting();
      const { brokerOrderId } = await trader.place(terms);
      const limitPrice = trader.low.plus(Decimal.ONE);
      const outcome = await trader.replace(brokerOrderId, { limitPrice }, { ...terms, limitPrice });
      if (outcome.result !== "requested") return expect.fail(JSON.stringify(outcome));
      await trader.until(() => trader.heard(brokerOrderId, "replaced").length > 0, "replaced");
      const [heard] = trader.heard(brokerOrderId, "replaced");
      expect(heard?.newBrokerOrderId).toBe(outcome.snapshot.brokerOrderId);
    },
  },
  {
    number: 55,
    rule: "nothing that the broker says is unreadable",
    async run(trader) {
      await trader.listen();
      const { brokerOrderId } = await trader.place(trader.terms());
      await trader.until(() => trader.executed(brokerOrderId).eq(ten), "ten shares were heard");
      expect(trader.unreadable).toEqual([]);
    },
  },
  {
    number: 56,
    rule: "what happened before it was listened to is not told again",
    async run(trader) {
      const { brokerOrderId } = await trader.place(trader.terms());
      await trader.untilStatus(brokerOrderId, "filled");
      await trader.listen();
      await trader.broker.pass(200);
      expect(trader.reports).toEqual([]);
    },
  },
  {
    number: 57,
    rule: "a stream that was closed says no more",
    async run(trader) {
      await trader.listen();
      expect(trader.stream.lastHeardAt()).not.toBeNull();
      await trader.stream.close();
      const { brokerOrderId } = await trader.place(trader.terms());
      await trader.untilStatus(brokerOrderId, "filled");
      await trader.broker.pass(200);
      expect(trader.reports).toEqual([]);
    },
  },
];
