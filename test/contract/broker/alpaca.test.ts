// The Alpaca adapter over real sockets against the simulated exchange, in each of the ways in which
// activity ids may relate to the stream's execution ids.
import { Decimal } from "../../../src/domain/decimal.ts";
import type { ExchangeOptions } from "../../../src/exchange/serve.ts";
import { AAPL_PRICE, startMockAlpaca } from "../../support/mock-alpaca.ts";
import { realClock } from "../../support/real-clock.ts";
import { brokerContract } from "../broker-contract.ts";
import type { BrokerUnderTest } from "../broker-contract.ts";

async function alpaca(
  activityIds: NonNullable<ExchangeOptions["activityIds"]>,
): Promise<BrokerUnderTest> {
  const mock = await startMockAlpaca({ activityIds });
  const stock = mock.directory.resolve("AAPL");
  if (stock === null) throw new Error("the directory knows no AAPL");
  return {
    port: mock.account(),
    stock,
    price: Decimal.of(AAPL_PRICE),
    now: () => mock.now(),
    pass: (ms) => realClock.sleep(ms),
    close: () => mock.stop(),
  };
}

for (const activityIds of ["same", "different", "none"] as const) {
  brokerContract(`alpaca (activity ids ${activityIds})`, () => alpaca(activityIds));
}
