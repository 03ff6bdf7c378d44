// An account at the simulated broker shows the cash that its deals made of it.
import { Decimal } from "../../src/domain/decimal.ts";
import type { BrokerAccountPort } from "../../src/ports/broker.ts";
import type { SimBroker } from "./sim-broker.ts";

const OPENING_CASH = Decimal.of("1000000");

export function withCash(port: BrokerAccountPort, broker: SimBroker): BrokerAccountPort {
  return {
    ...port,
    account: async (options) => {
      const account = await port.account(options);
      return { ...account, cash: OPENING_CASH.plus(paidTo(broker, port.accountId)) };
    },
  };
}

function paidTo({ deals }: SimBroker, accountId: BrokerAccountPort["accountId"]): Decimal {
  const mine = deals.filter((deal) => deal.accountId === accountId);
  return Decimal.sum(
    mine.map(({ side, quantity, price }) => {
      const value = quantity.times(price);
      return side === "buy" ? value.negated() : value;
    }),
  );
}
