// The broker side of a process: where the mode's account lives, which instruments it lists, and the
// check that these keys open the account that the database knows.
import { createAlpacaAccount } from "../brokers/alpaca/account.ts";
import { createAlpacaDirectory } from "../brokers/alpaca/directory.ts";
import { createAlpacaMarketData } from "../brokers/alpaca/market-data.ts";
import type { AlpacaEndpoint } from "../brokers/alpaca/options.ts";
import { AlpacaSymbols } from "../brokers/alpaca/symbols.ts";
import { createQuestDbMarketData } from "../brokers/questdb/market-data.ts";
import type { Config } from "../config.ts";
import { bindAccount, ensureAccount, AccountBoundElsewhere } from "../db/configuration/accounts.ts";
import { saveInstruments } from "../db/configuration/instruments.ts";
import type { PostgresStore } from "../db/postgres-store.ts";
import type { Account } from "../domain/book.ts";
import { asId, type AccountId } from "../domain/ids.ts";
import type { Venue } from "../domain/instrument.ts";
import type { Logger } from "../log.ts";
import { OperatorError } from "../operator-error.ts";
import type { BrokerAccountPort, SymbolDirectory } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { MarketData } from "../ports/market-data.ts";

const FIRST_CONTACT_MS = 5_000;

/** The simulated exchange never closes unless it follows the real calendar. */
export function stockVenueOf(config: Config): Venue {
  return config.mode === "mock" && config.mock.session === "open" ? "SIM" : "XNYS";
}

/** One account per environment, so that rows of one never meet the keys of another. */
export function homeAccount(config: Config): Account {
  return {
    id: asId<AccountId>(config.mode),
    broker: "alpaca",
    environment: config.mode,
    currency: "USD",
    dayZone: "America/New_York",
    dayRoll: "00:00",
  };
}

export interface BrokerSide {
  readonly marketData: MarketData;
  connect(account: Account): BrokerAccountPort;
  closePrices(): Promise<void>;
}

export interface BrokerSideDeps {
  readonly config: Config;
  readonly store: PostgresStore;
  readonly clock: Clock;
  readonly log: Logger;
}

export async function openBrokerSide(deps: BrokerSideDeps): Promise<BrokerSide> {
  const { config, clock } = deps;
  const directory = await readDirectory(deps);
  const rules = { stockVenue: stockVenueOf(config), currency: "USD" };
  const connect = (account: Account): BrokerAccountPort =>
    createAlpacaAccount({
      ...endpointOf(config, account.id),
      accountId: account.id,
      clock,
      directory,
      rules,
    });
  await meetAccount(deps, connect);
  return { connect, ...openMarketData(config, clock) };
}

/** A QuestDB where there is one, else the broker's own prices. */
function openMarketData(
  config: Config,
  clock: Clock,
): Pick<BrokerSide, "marketData" | "closePrices"> {
  if (config.questdb !== null) {
    const marketData = createQuestDbMarketData(config.questdb);
    return { marketData, closePrices: () => marketData.close() };
  }
  const { dataUrl, keyId, secret } = endpointOf(config, homeAccount(config).id);
  const { dataStreamUrl, stockFeed } = config.alpaca;
  const marketData = createAlpacaMarketData({
    ...{ dataUrl, keyId, secret, clock, dataStreamUrl, stockFeed },
  });
  return { marketData, closePrices: () => Promise.resolve() };
}

/**
 * The simulated exchange opens an account for each key pair, so every mock account is its own key.
 * Elsewhere there is one pair of keys, and it opens the account of its environment alone.
 */
function endpointOf(config: Config, accountId: AccountId): AlpacaEndpoint {
  const { alpaca, mode } = config;
  const isMock = mode === "mock";
  if (!isMock && accountId !== homeAccount(config).id) {
    throw new OperatorError(`There are no keys for the account ${accountId}.`);
  }
  return {
    tradingUrl: alpaca.baseUrl,
    dataUrl: alpaca.dataUrl,
    streamUrl: alpaca.streamUrl,
    keyId: isMock ? accountId : alpaca.key.reveal(),
    secret: isMock ? "mock" : alpaca.secret.reveal(),
    paper: mode !== "live",
  };
}

/** From the broker, and into the database; while the broker is away, from the database. */
async function readDirectory({
  config,
  store,
  clock,
  log,
}: BrokerSideDeps): Promise<SymbolDirectory> {
  const rules = { stockVenue: stockVenueOf(config), currency: "USD" };
  try {
    const options = { ...endpointOf(config, homeAccount(config).id), clock, rules };
    const symbols = await createAlpacaDirectory(options, AbortSignal.timeout(FIRST_CONTACT_MS * 6));
    await saveInstruments(store.queries, symbols.instruments);
    return symbols;
  } catch (error: unknown) {
    const known = await store.configuration.instruments();
    if (known.length === 0) throw error;
    log.warn(
      { cause: messageOf(error) },
      "the broker lists nothing now: using what it listed last",
    );
    return new AlpacaSymbols(known);
  }
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
