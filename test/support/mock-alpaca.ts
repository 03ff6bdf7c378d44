// The simulated exchange on a free port, with the Alpaca adapter in front of it and its control interface
// beside it. Its prices stand still where a test has set them.
import { createAlpacaAccount } from "../../src/brokers/alpaca/account.ts";
import { createAlpacaDirectory } from "../../src/brokers/alpaca/directory.ts";
import type { AlpacaDirectoryOptions } from "../../src/brokers/alpaca/directory.ts";
import type { AlpacaEndpoint } from "../../src/brokers/alpaca/options.ts";
import { createAlpacaMarketData } from "../../src/brokers/alpaca/market-data.ts";
import type { AlpacaSymbols } from "../../src/brokers/alpaca/symbols.ts";
import { asId } from "../../src/domain/ids.ts";
import type { AccountId } from "../../src/domain/ids.ts";
import { startExchange } from "../../src/exchange/serve.ts";
import type { ExchangeOptions } from "../../src/exchange/serve.ts";
import type { BrokerAccountPort } from "../../src/ports/broker.ts";
import type { MarketData } from "../../src/ports/market-data.ts";
import { realClock } from "./real-clock.ts";
import { noMishap } from "./no-mishap.ts";

export interface MockAlpaca {
  readonly endpoint: AlpacaEndpoint & Pick<AlpacaDirectoryOptions, "clock" | "rules">;
  readonly directory: AlpacaSymbols;
  /** A new account for each key. */
  account(keyId?: string): BrokerAccountPort;
  marketData(streaming: boolean): MarketData;
  control(path: string, body?: unknown, method?: "POST" | "PATCH"): Promise<void>;
  now(): number;
  stop(): Promise<void>;
}

export const AAPL_PRICE = "200";

export async function startMockAlpaca(options: Partial<ExchangeOptions> = {}): Promise<MockAlpaca> {
  const running = await startExchange({
    port: 0,
    dataDir: null,
    seed: "contract",
    rateLimitPerMinute: 1_000_000,
    onMishap: noMishap,
    ...options,
  });
  const socketUrl = running.url.replace("http", "ws");
  const endpoint = {
    tradingUrl: running.url,
    dataUrl: running.url,
    streamUrl: `${socketUrl}/stream`,
    keyId: "contract",
    secret: "contract",
    paper: true,
    clock: realClock,
    rules: { stockVenue: "SIM", currency: "USD" },
    ...options.keys,
  } as const;

  async function control(path: string, body: unknown = {}, method: "POST" | "PATCH" = "POST") {
    const answer = await fetch(`${running.url}/control${path}`, {
      method,
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  await control("/prices", { AAPL: AAPL_PRICE, "BTC/USD": "64000" });
  const directory = await createAlpacaDirectory(endpoint, new AbortController().signal);
  return {
    ...{ endpoint, directory },
    account: (keyId = endpoint.keyId) =>
      createAlpacaAccount({ ...endpoint, keyId, accountId: asId<AccountId>(keyId), directory }),
    marketData: (streaming) =>
      createAlpacaMarketData({ ...endpoint, dataStreamUrl: streaming ? socketUrl : null }),
    control,
    now: () => running.exchange.clock.now(),
    stop: () => running.stop(),
  };
}
