// An account that somebody wrote into the database and for which this process has no keys. It is refused like
// one whose keys the broker refuses: its signals end with that, and its partition serves the others.
import type { AccountId } from "../../domain/ids.ts";
import { BrokerRefusesCredentials, type BrokerAccountPort } from "../../ports/broker.ts";
import { ALPACA_TRAITS } from "./traits.ts";

export function createKeylessAccount(accountId: AccountId): BrokerAccountPort {
  const refuse = (): Promise<never> =>
    Promise.reject(new BrokerRefusesCredentials(`There are no keys for the account ${accountId}.`));
  return {
    accountId,
    traits: ALPACA_TRAITS,
    ...{ submit: refuse, cancel: refuse, replace: refuse },
    ...{ findByReference: refuse, findById: refuse, openOrders: refuse, ordersSince: refuse },
    ...{ activitiesSince: refuse, positions: refuse },
    executionsSince: async function* () {
      yield await refuse();
    },
    ...{ account: refuse, time: refuse, instrument: refuse },
    rateBudget: () => null,
    listen: () => ({ lastHeardAt: () => null, close: () => Promise.resolve() }),
  };
}
