// Cases 70 to 89: the account and what can be traded.
import { expect } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { ContractCase } from "../broker-contract.ts";

const ten = Decimal.ofInteger(10);

export const accountCases: readonly ContractCase[] = [
  {
    number: 70,
    rule: "the account has a number, a currency and money",
    async run(trader) {
      const account = await trader.port.account(trader.call);
      expect(account.number).not.toBe("");
      expect(account.currency).toBe(trader.broker.stock.currency);
      expect(account.equity.isPositive()).toBe(true);
      expect(account.cash.isPositive()).toBe(true);
      expect(account.buyingPower.isPositive()).toBe(true);
      expect(account.tradingBlocked).toBe(false);
    },
  },
  {
    number: 71,
    rule: "the account's number is always the same",
    async run(trader) {
      const [one, other] = await Promise.all([
        trader.port.account(trader.call),
        trader.port.account(trader.call),
      ]);
      expect(one.number).toBe(other.number);
    },
  },
  {
    number: 72,
    rule: "what was bought is held, and what was sold is not",
    async run(trader) {
      const held = async () => {
        const positions = await trader.port.positions(trader.call);
        const mine = positions.find(({ instrumentId }) => instrumentId === trader.broker.stock.id);
        return mine?.quantity ?? Decimal.ZERO;
      };
      await trader.place(trader.terms());
      await trader.until(async () => (await held()).eq(ten), "ten shares are held");
      await trader.place(trader.terms({ side: "sell" }));
      await trader.until(async () => (await held()).isZero(), "none are held");
    },
  },
  {
    number: 73,
    rule: "an instrument that is listed is found, with a step of price and of quantity",
    async run(trader) {
      const { symbol, id } = trader.broker.stock;
      const found = await trader.port.instrument(symbol, trader.call);
      expect(found).toMatchObject({ id, symbol, tradable: true });
      expect(found?.lot.isPositive()).toBe(true);
      expect(found?.ticks[0]?.from.isZero()).toBe(true);
    },
  },
  {
    number: 74,
    rule: "an instrument that is not listed is not found",
    async run(trader) {
      expect(await trader.port.instrument("NOSUCH", trader.call)).toBeNull();
    },
  },
  {
    number: 75,
    rule: "the broker's clock, where it has one, is the broker's time",
    async run(trader) {
      const time = await trader.port.time(trader.call);
      if (time === null) return;
      expect(Math.abs(time - trader.broker.now())).toBeLessThan(60_000);
    },
  },
  {
    number: 76,
    rule: "the rate budget, where it is told, goes down with each call",
    async run(trader) {
      await trader.port.account(trader.call);
      const before = trader.port.rateBudget();
      if (before === null) return;
      await trader.port.account(trader.call);
      const after = trader.port.rateBudget();
      const sameWindow = after?.resetAt === before.resetAt;
      if (sameWindow) expect(after?.remaining).toBeLessThan(before.remaining);
      expect(after?.limit).toBe(before.limit);
    },
  },
];
