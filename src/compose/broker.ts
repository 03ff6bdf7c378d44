// The broker side of a process: where the mode's account lives, which instruments it lists, and the
// check that these keys open the account that the database knows.
import { createAlpacaAccount } from "../brokers/alpaca/account.ts";
import { readAlpacaListing } from "../brokers/alpaca/directory.ts";
import { createKeylessAccount } from "../brokers/alpaca/keyless.ts";
import { createAlpacaMarketData } from "../brokers/alpaca/market-data.ts";
import type { AlpacaEndpoint } from "../brokers/alpaca/options.ts";
import { createQuestDbMarketData } from "../brokers/questdb/market-data.ts";
import type { Config } from "../config.ts";
import { bindAccount, ensureAccount, AccountBoundElsewhere } from "../db/configuration/accounts.ts";
import type { PostgresStore } from "../db/postgres-store.ts";
import type { Account } from "../domain/book.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Logger } from "../log.ts";
import { messageOf, OperatorError } from "../operator-error.ts";
import type { BrokerAccountPort } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { MarketData } from "../ports/market-data.ts";
import type { DeploymentJob } from "../worker/job-host.ts";
import { homeAccount, stockVenueOf } from "./home.ts";
import { openListing, type Listing } from "./listing.ts";

const FIRST_CONTACT_MS = 5_000;
/** Eleven thousand stocks are some megabytes. */
const LISTING_MS = 30_000;

export interface BrokerSide {
  readonly marketData: MarketData;
  /** What this side has to do once in the whole deployment. */
  readonly jobs: readonly DeploymentJob[];
  connect(account: Account): BrokerAccountPort;
  close(): Promise<void>;
}

export interface BrokerSideDeps {
  readonly config: Config;
  readonly store: PostgresStore;
  readonly clock: Clock;
  readonly log: Logger;
}

export async function openBrokerSide(deps: BrokerSideDeps): Promise<BrokerSide> {
  const { config, clock } = deps;
  const listing = await openHomeListing(deps);
  const rules = { stockVenue: stockVenueOf(config), currency: "USD" };
  const connect = ({ id: accountId }: Account): BrokerAccountPort => {
    if (!hasKeys(config, accountId)) return createKeylessAccount(accountId);
    const directory = listing.symbols;
    return createAlpacaAccount({
      ...endpointOf(config, accountId),
      ...{ accountId, clock, directory, rules },
    });
  };
  await meetAccount(deps, connect);
  const { marketData, closePrices } = openMarketData(config, clock);
  return {
    ...{ connect, marketData, jobs: [listing.job] },
    async close() {
      await listing.close();
      await closePrices();
    },
  };
}

/** A QuestDB where there is one, else the broker's own prices. */
function openMarketData(
  config: Config,
  clock: Clock,
): { readonly marketData: MarketData; closePrices(): Promise<void> } {
  if (config.questdb !== null) {
    const marketData = createQuestDbMarketData({ ...config.questdb, clock });
    return { marketData, closePrices: () => marketData.close() };
  }
  const { dataUrl, keyId, secret } = endpointOf(config, homeAccount(config).id);
  const { dataStreamUrl, stockFeed } = config.alpaca;
  const marketData = createAlpacaMarketData({
    ...{ dataUrl, keyId, secret, clock, dataStreamUrl, stockFeed },
  });
  return { marketData, closePrices: () => Promise.resolve() };
}

/** Outside of mock mode there is one pair of keys, and it opens the account of its environment alone. */
const hasKeys = (config: Config, accountId: AccountId): boolean =>
  config.mode === "mock" || accountId === homeAccount(config).id;

/** The simulated exchange opens an account for each key pair, so every mock account is its own key. */
function endpointOf(config: Config, accountId: AccountId): AlpacaEndpoint {
  const { alpaca, mode } = config;
  const isMock = mode === "mock";
  return {
    tradingUrl: alpaca.baseUrl,
    dataUrl: alpaca.dataUrl,
    streamUrl: alpaca.streamUrl,
    keyId: isMock ? accountId : alpaca.key.reveal(),
    secret: isMock ? "mock" : alpaca.secret.reveal(),
    paper: mode !== "live",
  };
}

function openHomeListing({ config, store, clock, log }: BrokerSideDeps): Promise<Listing> {
  const stockVenue = stockVenueOf(config);
  const options = {
    ...endpointOf(config, homeAccount(config).id),
    ...{ clock, rules: { stockVenue, currency: "USD" } },
  };
  return openListing({
    ...{ store, clock, log, everyMs: config.instrumentsEveryMs },
    venues: [stockVenue, "CRYPTO"],
    read: () => readAlpacaListing(options, AbortSignal.timeout(LISTING_MS)),
  });
}

/** First contact writes the broker's own account number down; later ones must find the same. */
async function meetAccount(
  { config, store, log }: BrokerSideDeps,
  connect: (account: Account) => BrokerAccountPort,
): Promise<void> {
  const account = homeAccount(config);
  await ensureAccount(store.queries, { ...account, credentials: null }, config.partitions);
  try {
    const signal = AbortSignal.timeout(FIRST_CONTACT_MS);
    const { number } = await connect(account).account({ signal });
    await bindAccount(store.queries, account, number);
  } catch (error: unknown) {
    if (error instanceof AccountBoundElsewhere)
      throw new OperatorError(error.message, { cause: error });
    log.warn({ account: account.id, cause: messageOf(error) }, "the broker does not answer yet");
  }
}
