// The Alpaca adapter over real sockets against the simulated exchange, in each of the ways in which
// activity ids may relate to the stream's execution ids.
import { createAlpacaAccount } from "../../../src/brokers/alpaca/account.ts";
import { createAlpacaDirectory } from "../../../src/brokers/alpaca/directory.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { AccountId } from "../../../src/domain/ids.ts";
import { startExchange } from "../../../src/exchange/serve.ts";
import type { ExchangeOptions } from "../../../src/exchange/serve.ts";
import { realClock } from "../../support/real-clock.ts";
import { brokerContract } from "../broker-contract.ts";
import type { BrokerUnderTest } from "../broker-contract.ts";

const PRICE = Decimal.of("200");

async function alpaca(
  activityIds: NonNullable<ExchangeOptions["activityIds"]>,
): Promise<BrokerUnderTest> {
  const running = await startExchange({
    port: 0,
    dataDir: null,
    seed: "contract",
    activityIds,
    rateLimitPerMinute: 100_000,
  });
  const { exchange } = running;
  const walk = exchange.feed.walk("AAPL");
  if (walk === undefined) throw new Error("the exchange lists no AAPL");
  walk.frozen = true;
  walk.moveTo(PRICE);
  exchange.feed.publish("AAPL", exchange.clock.now());

  const endpoint = {
    tradingUrl: running.url,
    dataUrl: running.url,
    streamUrl: `${running.url.replace("http", "ws")}/stream`,
    keyId: "contract",
    secret: "contract",
    paper: true,
    clock: realClock,
    rules: { stockVenue: "SIM", currency: "USD" },
  } as const;
  const directory = await createAlpacaDirectory(endpoint, new AbortController().signal);
  const stock = directory.resolve("AAPL");
  if (stock === null) throw new Error("the directory knows no AAPL");
  return {
    port: createAlpacaAccount({ ...endpoint, accountId: asId<AccountId>("contract"), directory }),
    stock,
    price: PRICE,
    now: () => exchange.clock.now(),
    pass: (ms) => realClock.sleep(ms),
    close: () => running.stop(),
  };
}

for (const activityIds of ["same", "different", "none"] as const) {
  brokerContract(`alpaca (activity ids ${activityIds})`, () => alpaca(activityIds));
}
