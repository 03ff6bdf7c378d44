// The API on a real database of its own, without a worker: tests of the worker's part write rows.
import { randomFillSync } from "node:crypto";
import { Writable } from "node:stream";
import { createApi, type RunningApi } from "../../src/api/api.ts";
import type { ApiDeps, ApiSettings } from "../../src/api/deps.ts";
import { venuesOf } from "../../src/app/directory.ts";
import { timeOrderedIds } from "../../src/app/time-ordered-ids.ts";
import { ALPACA_TRAITS } from "../../src/brokers/alpaca/traits.ts";
import { apiRecord } from "../../src/compose/api-record.ts";
import { ensureAccount } from "../../src/db/configuration/accounts.ts";
import { saveInstruments } from "../../src/db/configuration/instruments.ts";
import { settlePartitions } from "../../src/db/deployment.ts";
import { PostgresStore } from "../../src/db/postgres-store.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId, type AccountId, type InstrumentId } from "../../src/domain/ids.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import { createLogger } from "../../src/log.ts";
import type { BusMessage, BusProducer } from "../../src/ports/bus.ts";
import { freshDatabase } from "./fresh.ts";
import { answerProblem } from "./openapi.ts";
import { realClock } from "./real-clock.ts";

export const PARTITIONS = 4;
export const BASE = "/api/v1/trading";

export interface ApiUnderTest extends RunningApi {
  readonly store: PostgresStore;
  readonly published: readonly BusMessage[];
  /** Everything that was logged, as text. */
  readonly logged: () => string;
  /** A request as a client sends it; objects become JSON. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  drop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

interface Surroundings {
  readonly accounts?: readonly string[];
  readonly redis?: boolean;
}

export async function apiUnderTest(
  settings: Partial<ApiSettings> = {},
  { accounts = ["main"], redis = true }: Surroundings = {},
): Promise<ApiUnderTest> {
  const database = await freshDatabase();
  const store = new PostgresStore({
    url: database.url,
    name: "fillstream api test",
    clock: realClock,
  });
  await seed(store, accounts);
  const published: BusMessage[] = [];
  const lines: string[] = [];
  const running = await createApi({
    ...depsOf(store, redis ? busInto(published) : null),
    settings: {
      mode: "mock",
      version: "test",
      partitions: PARTITIONS,
      auth: "off",
      isLoopback: true,
      ...settings,
    },
    log: createLogger("api", { logLevel: "debug", logFormat: "json" }, collecting(lines)),
  });
  return {
    ...running,
    store,
    published,
    logged: () => lines.join(""),
    send: (method, path, body, headers) => send(running, { method, path, body, headers }),
    async drop() {
      await running.close();
      await store.close();
      await database.drop();
    },
  };
}

export function depsOf(
  store: PostgresStore,
  bus: BusProducer | null,
): Omit<ApiDeps, "settings" | "log"> {
  return {
    ...apiRecord(store, 0),
    bus,
    configuration: store.configuration,
    exclusive: null,
    feed: store.feeds,
    traitsOf: () => ALPACA_TRAITS,
    venuesOf: venuesOf("SIM"),
    clock: realClock,
    ids: timeOrderedIds(
      () => realClock.now(),
      (bytes) => void randomFillSync(bytes),
    ),
    tracer: null,
  };
}

export async function seed(
  store: PostgresStore,
  accounts = ["main"] as readonly string[],
): Promise<void> {
  await settlePartitions(store.queries, PARTITIONS);
  for (const id of accounts) await addAccount(store, id);
  await saveInstruments(store.queries, [
    instrument("SIM", "AAPL", "stock", "USD"),
    instrument("SIM", "MSFT", "stock", "USD"),
    instrument("CRYPTO", "BTC/USD", "crypto", "USD"),
    { ...instrument("CRYPTO", "BTC/USDT", "crypto", "USDT"), tradable: false },
  ]);
}

export async function addAccount(store: PostgresStore, id: string): Promise<void> {
  await ensureAccount(
    store.queries,
    {
      id: asId<AccountId>(id),
      broker: "alpaca",
      environment: "mock",
      currency: "USD",
      dayZone: "America/New_York",
      dayRoll: "00:00",
      credentials: null,
    },
    PARTITIONS,
  );
}

function instrument(
  venue: Instrument["venue"],
  symbol: string,
  assetClass: Instrument["assetClass"],
  currency: string,
): Instrument {
  return {
    id: asId<InstrumentId>(`${venue}:${symbol}`),
    venue,
    symbol,
    assetClass,
    currency,
    ticks: [{ from: Decimal.ZERO, step: Decimal.of("0.01") }],
    lot: assetClass === "stock" ? Decimal.ONE : Decimal.of("0.000000001"),
    fractionable: assetClass === "stock",
    minQuantity: null,
    maxQuantity: null,
    minNotional: null,
    shortable: assetClass === "stock",
    tradable: true,
    priceBand: null,
  };
}

/** A stream that takes everything: what was published is what a worker would be woken with. */
function busInto(published: BusMessage[]): BusProducer {
  return {
    publish(messages) {
      published.push(...messages);
      return Promise.resolve();
    },
    status: () => ({ connected: true, lastError: null }),
    close: () => Promise.resolve(),
  };
}

function collecting(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString("utf8"));
      done();
    },
  });
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

async function send({ app }: RunningApi, { method, path, body, headers }: Asked): Promise<Answer> {
  const sent = new Headers(headers);
  if (!sent.has("host")) sent.set("host", "localhost:8000");
  if (body !== undefined && !sent.has("content-type")) sent.set("content-type", "application/json");
  const response = await app.request(path, {
    method,
    headers: sent,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const contentType = response.headers.get("content-type");
  const parsed: unknown = contentType?.includes("json") === true ? JSON.parse(text) : undefined;
  const { status } = response;
  const problem = answerProblem({ method, path, status, contentType, body: parsed });
  if (problem !== null) throw new Error(problem);
  return {
    status: response.status,
    headers: response.headers,
    // Answers of the API are objects; what a test expects of one it says itself.
    body: (parsed ?? {}) as Record<string, unknown>,
    text,
  };
}
