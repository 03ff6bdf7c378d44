// The exchange of the day: the real one, on virtual time and on pipes, and the real adapter in front of it.
import type { AccountId } from "../../../src/domain/ids.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { Account } from "../../../src/domain/book.ts";
import type { Decimal } from "../../../src/domain/decimal.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import { createAlpacaAccount } from "../../../src/brokers/alpaca/account.ts";
import { createAlpacaDirectory } from "../../../src/brokers/alpaca/directory.ts";
import { createAlpacaMarketData } from "../../../src/brokers/alpaca/market-data.ts";
import { AlpacaSymbols } from "../../../src/brokers/alpaca/symbols.ts";
import { AlpacaWire } from "../../../src/brokers/alpaca/wire.ts";
import type { Position } from "../../../src/exchange/core/account.ts";
import { forceFill } from "../../../src/exchange/core/intervene.ts";
import type { Order } from "../../../src/exchange/core/order.ts";
import type { RunningExchange } from "../../../src/exchange/serve.ts";
import { startExchange } from "../../../src/exchange/serve.ts";
import type { ActivityIds } from "../../../src/exchange/settings.ts";
import type { BrokerAccountPort } from "../../../src/ports/broker.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { MarketData } from "../../../src/ports/market-data.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Pipes } from "./pipes.ts";
import { noMishap } from "../../support/no-mishap.ts";

const TICK_MS = 30_000;
const STOCKS = 46;
const PAIRS = 4;
/** Plenty for the day of one account, so that its orders are refused for better reasons. */
export const CASH = "20000000";
const CALL_TIMEOUT_MS = 3_000;
const REQUESTS_PER_MINUTE = 600;

export interface Venue {
  readonly running: RunningExchange;
  readonly instruments: readonly Instrument[];
  readonly marketData: MarketData;
  /** What the positions of an account had cost before the day, by symbol. */
  openingCost(keyId: string): ReadonlyMap<string, Decimal>;
  /** Somebody comes for a part of an order that rests there. */
  fillPart(brokerOrderId: string, quantity: Decimal): void;
  connect(account: Account): BrokerAccountPort;
  control(path: string, body?: unknown, method?: ControlMethod): Promise<unknown>;
}

type ControlMethod = "GET" | "POST" | "PATCH" | "DELETE";

export interface VenueParts {
  readonly scheduler: Scheduler;
  readonly pipes: Pipes;
  readonly clock: Clock;
  readonly seed: number;
  readonly accounts: readonly Account[];
  readonly activityIds: ActivityIds;
  readonly replaceCarriesFills: boolean;
}

export async function openVenue(parts: VenueParts): Promise<Venue> {
  const { clock, pipes, seed, accounts } = parts;
  const running = await startExchange({
    port: 0,
    dataDir: null,
    seed,
    session: "calendar",
    activityIds: parts.activityIds,
    rateLimitPerMinute: REQUESTS_PER_MINUTE,
    clock,
    tickMs: TICK_MS,
    onMishap: noMishap,
  });
  const endpoint = {
    tradingUrl: "http://exchange",
    dataUrl: "http://exchange",
    streamUrl: "ws://exchange/stream",
    keyId: "directory",
    secret: "secret",
    paper: true,
    clock,
    rules: { stockVenue: "XNYS", currency: "USD" },
    connect: () => pipes.connect((connection) => running.accept(connection)),
  } as const;
  const wire = new AlpacaWire({ ...endpoint, baseUrl: endpoint.tradingUrl, timeoutMs: 1_000 });
  const control: Venue["control"] = async (path, body = {}, method = "POST") => {
    const { signal } = new AbortController();
    const text = JSON.stringify(body);
    const answer = await wire.exchange({ method, path: `/control${path}`, body: text, signal });
    if (answer.kind === "failure" || answer.status >= 300) {
      throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    }
    return JSON.parse(answer.body);
  };
  for (const { id } of accounts) await control(`/accounts/${id}/cash`, { amount: CASH });
  await control(
    "/settings",
    {
      exotic_events: true,
      partial_fill_probability: 0.1,
      replace_carries_fills: parts.replaceCarriesFills,
    },
    "PATCH",
  );
  const listed = await createAlpacaDirectory(endpoint, new AbortController().signal);
  const directory = new AlpacaSymbols(traded(listed.instruments));
  const opening = new Map(accounts.map(({ id }) => [String(id), costOf(running, id)] as const));
  return {
    running,
    instruments: directory.instruments,
    openingCost: (keyId) => opening.get(keyId) ?? new Map(),
    marketData: createAlpacaMarketData({ ...endpoint, dataStreamUrl: null }),
    control,
    fillPart: (brokerOrderId, quantity) => {
      const { engine } = running.exchange;
      const order = engine.world.orders.get(brokerOrderId);
      const price = order?.limitPrice ?? null;
      if (order === undefined || price === null || !isResting(order)) return;
      engine.intervene(clock.now(), (world) => forceFill(world, order, quantity, price));
    },
    connect: ({ id }) =>
      createAlpacaAccount({
        ...endpoint,
        keyId: id,
        accountId: asId<AccountId>(id),
        directory,
        callTimeoutMs: CALL_TIMEOUT_MS,
      }),
  };
}

const isResting = ({ status }: Order): boolean => ["new", "partially_filled"].includes(status);

function costOf({ exchange }: RunningExchange, keyId: string): ReadonlyMap<string, Decimal> {
  const positions = exchange.account(keyId)?.positions ?? new Map<string, Position>();
  return new Map([...positions].map(([symbol, { costBasis }]) => [symbol, costBasis]));
}

function traded(listed: readonly Instrument[]): readonly Instrument[] {
  const stocks = listed.filter(({ assetClass, tradable }) => assetClass === "stock" && tradable);
  const pairs = listed.filter(({ assetClass, tradable }) => assetClass === "crypto" && tradable);
  return [...stocks.slice(0, STOCKS), ...pairs.slice(0, PAIRS)];
}

/** What the exchange shows of an instrument right now. */
export function quoteOf({ running }: Venue, { symbol }: { readonly symbol: string }) {
  const quote = running.exchange.engine.world.quotes.get(symbol);
  if (quote === undefined) throw new Error(`no quote of ${symbol}`);
  return quote;
}
