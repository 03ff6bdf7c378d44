// Prices from a QuestDB with ticks, over its PostgreSQL wire: the last row of each symbol in one query.
import postgres from "postgres";
import type { InstrumentId } from "../../domain/ids.ts";
import type { Instrument } from "../../domain/instrument.ts";
import { AHEAD_MAX_MS } from "../../domain/market.ts";
import type { Quotation } from "../../domain/quotation.ts";
import { BrokerUnavailable } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MarketData } from "../../ports/market-data.ts";
import { DEFAULT_TICKS, latestTicks } from "./query.ts";
import type { TickColumns } from "./query.ts";
import { readTick } from "./tick.ts";

export interface QuestDbOptions {
  /** `postgres://admin:quest@localhost:8812/qdb` */
  readonly url: string;
  readonly ticks?: TickColumns;
  readonly clock: Pick<Clock, "now">;
}

export interface QuestDbMarketData extends MarketData {
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_SECONDS = 5;
/** Beyond what any page of positions needs; the text of the query stays below 100 kB. */
const SYMBOLS_PER_QUERY = 2_000;

/** As PostgreSQL numbers them: every kind of number, and instants. Left as text, no float is made. */
const NUMBERS = [20, 21, 23, 700, 701, 1700];
const INSTANTS = [1082, 1114, 1184];
const asText = (value: string): string => value;

function connect(url: string) {
  return postgres(url, {
    max: 1,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    // QuestDB has no catalogue of array types to ask for.
    fetch_types: false,
    prepare: false,
    onnotice: () => undefined,
    types: {
      number: { to: 0, from: NUMBERS, serialize: asText, parse: asText },
      date: { to: 0, from: INSTANTS, serialize: asText, parse: asText },
    },
  });
}

export function createQuestDbMarketData(options: QuestDbOptions): QuestDbMarketData {
  const { url, ticks = DEFAULT_TICKS, clock } = options;
  // A table or column that cannot be named is a mistake to be told at the start.
  latestTicks(ticks, [], 0);
  let sql: ReturnType<typeof connect> | null = null;

  /** A connection that failed, or hangs, is left behind: the next question opens another. */
  async function leave(): Promise<void> {
    const left = sql;
    sql = null;
    await left?.end({ timeout: 0 });
  }

  async function ask(instruments: readonly Instrument[], signal: AbortSignal) {
    signal.throwIfAborted();
    const ids = new Map<string, InstrumentId>(instruments.map(({ symbol, id }) => [symbol, id]));
    sql ??= connect(url);
    const cut = () => void leave();
    signal.addEventListener("abort", cut, { once: true });
    try {
      const rows: readonly unknown[] = await sql
        .unsafe(latestTicks(ticks, [...ids.keys()], clock.now() + AHEAD_MAX_MS))
        .simple();
      return rows.map((row) => readTick(row, ids)).filter((told) => told !== null);
    } catch (error: unknown) {
      await leave();
      const cause = error instanceof Error ? error.message : "failed";
      throw new BrokerUnavailable(`questdb: ${cause}`, { cause: error });
    } finally {
      signal.removeEventListener("abort", cut);
    }
  }

  return {
    name: "questdb",
    async latest(instruments, signal) {
      const told: Quotation[] = [];
      for (let from = 0; from < instruments.length; from += SYMBOLS_PER_QUERY) {
        told.push(...(await ask(instruments.slice(from, from + SYMBOLS_PER_QUERY), signal)));
      }
      return told;
    },
    // It is asked; it does not call back.
    stream: () => null,
    close: leave,
  };
}
