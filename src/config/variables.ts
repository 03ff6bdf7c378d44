// Every environment variable that Fillstream reads, with its kind, its default and what it does.
import type { z } from "zod";
import {
  address,
  addresses,
  addressOrNone,
  amount,
  columnName,
  columnNameOrNone,
  flag,
  instant,
  longSecret,
  oneOf,
  pairs,
  secret,
  share,
  text,
  wholeNumber,
} from "./kinds.ts";

export interface Variable<Value> {
  readonly schema: z.ZodType<Value, string>;
  /** What holds when it is unset; null where there is no single default, and `about` says what then. */
  readonly fallback: string | null;
  readonly about: string;
  /** Its value never appears in an error, since it may hold a password. */
  readonly isSecret?: true;
}

/** Keeps the value's type, which an annotation of the whole table would lose. */
function variable<Value>(
  schema: z.ZodType<Value, string>,
  fallback: string | null,
  about: string,
): Variable<Value> {
  return { schema, fallback, about };
}

function hidden<Value>(
  schema: z.ZodType<Value, string>,
  fallback: string | null,
  about: string,
): Variable<Value> {
  return { schema, fallback, about, isSecret: true };
}

const http = ["http:", "https:"];

export const variables = {
  ALPACA_API_KEY: hidden(
    secret,
    "mock",
    "Alpaca's key id; unset or `mock` trades on the simulated exchange.",
  ),
  ALPACA_API_SECRET: hidden(secret, null, "Alpaca's secret; needed with a real key."),
  ALPACA_PAPER: variable(flag, "true", "Whether the Alpaca key is one of a paper account."),
  TRADING_MODE: variable(
    oneOf("mock", "paper", "live"),
    null,
    "A second word on what the keys say: real money needs `live` here as well as ALPACA_PAPER=false.",
  ),
  ALPACA_BASE_URL: variable(
    address(http, "https://paper-api.alpaca.markets"),
    null,
    "Alpaca's trading host; by default the one of the mode (paper, live, or the simulated exchange).",
  ),
  ALPACA_DATA_URL: variable(
    address(http, "https://data.alpaca.markets"),
    null,
    "Alpaca's market data host; by default the one of the mode.",
  ),
  ALPACA_STREAM_URL: variable(
    address(["ws:", "wss:"], "wss://paper-api.alpaca.markets/stream"),
    null,
    "Alpaca's stream of trade updates; by default `/stream` on the trading host.",
  ),
  ALPACA_REQUESTS_PER_MINUTE: variable(
    wholeNumber(10, 10_000_000),
    "200",
    "How many requests a minute Alpaca takes from one account, until its answers say it themselves.",
  ),
  ALPACA_DATA_STREAM_URL: variable(
    address(["ws:", "wss:"], "wss://stream.data.alpaca.markets"),
    null,
    "Alpaca's stream of prices; unset leaves the prices to the poll alone.",
  ),
  ALPACA_STOCK_FEED: variable(
    oneOf("iex", "sip", "delayed_sip"),
    "iex",
    "Whose stock prices: `iex` is free, `sip` sees every venue and must be paid for.",
  ),
  PRICES_EVERY_MS: variable(
    wholeNumber(250, 3_600_000),
    "5000",
    "How often prices are asked for, in milliseconds.",
  ),
  RECONCILE_EVERY_MS: variable(
    wholeNumber(1_000, 86_400_000),
    "60000",
    "How often the broker's books are compared with ours, in milliseconds.",
  ),
  INSTRUMENTS_EVERY_MS: variable(
    wholeNumber(1_000, 86_400_000),
    "3600000",
    "How often the broker's list of instruments is read again, in milliseconds.",
  ),
  DATABASE_URL: hidden(
    address(["postgres:", "postgresql:"], "postgres://user:password@host:5432/database"),
    null,
    "PostgreSQL 15 or newer; unset starts an embedded one.",
  ),
  REDIS_URL: hidden(
    addressOrNone(["redis:", "rediss:"], "redis://:password@host:6379"),
    null,
    "Redis or Valkey 7 or newer; unset starts an embedded one, `none` runs on PostgreSQL alone.",
  ),
  HOST: variable(text, "127.0.0.1", "The address that the API listens on."),
  PORT: variable(wholeNumber(0, 65_535), "8000", "The port that the API listens on."),
  AUTH: variable(
    oneOf("keys", "off"),
    null,
    "Who may: `keys` asks for an API key, `off` does not; by default `off` in mock mode on loopback, else `keys`.",
  ),
  STREAM_SIGNALS: variable(
    oneOf("on", "off"),
    null,
    "Whether signals may also come as entries of the Redis stream `trade_signals`: whoever can write to that Redis can trade. By default `on` in mock mode on loopback, else `off`.",
  ),
  STREAM_SIGNALS_MAX_NOTIONAL: variable(
    amount,
    null,
    "The most that one signal from that stream may cost, as a plain decimal; unset leaves it to the limits.",
  ),
  JWT_SECRET: hidden(
    longSecret,
    null,
    "Signs the tokens (HS256) that are taken beside API keys; at least 32 characters.",
  ),
  JWT_JWKS_URL: variable(
    address(http, "https://example.com/.well-known/jwks.json"),
    null,
    "Where the keys are that sign tokens, instead of JWT_SECRET.",
  ),
  JWT_ISSUER: variable(text, null, "The issuer that tokens must name; unset takes any."),
  JWT_AUDIENCE: variable(text, null, "The audience that tokens must name; unset takes any."),
  RATE_LIMIT_PER_SECOND: variable(
    wholeNumber(1, 1_000_000),
    "1000",
    "Requests a second that one API key may send, twice as many in a burst.",
  ),
  TRUSTED_PROXIES: variable(
    addresses,
    null,
    "Proxies whose word on where a request comes from is taken.",
  ),
  TRADINGVIEW_ADDRESSES: variable(
    addresses,
    null,
    "The only addresses that TradingView's alerts are taken from; unset takes any.",
  ),
  WEBHOOKS_TO_PRIVATE: variable(
    flag,
    "false",
    "Whether notices may go to private addresses, and without TLS.",
  ),
  LOG_LEVEL: variable(
    oneOf("trace", "debug", "info", "warn", "error", "fatal", "silent"),
    "info",
    "The least important lines that are still logged.",
  ),
  LOG_FORMAT: variable(
    oneOf("json", "pretty"),
    null,
    "How log lines look: `json` or `pretty`; by default `pretty` on a terminal, else `json`.",
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    address(http, "http://localhost:4318"),
    null,
    "An OpenTelemetry collector that takes OTLP over HTTP; unset records no spans.",
  ),
  OTEL_EXPORTER_OTLP_HEADERS: hidden(
    pairs,
    null,
    "Headers that go to the collector, such as `authorization=Bearer%20key`, with commas between them.",
  ),
  OTEL_TRACES_SAMPLER_ARG: variable(
    share,
    "1",
    "The share of traces beginning here that is recorded, from 0 to 1; one that came in says it itself.",
  ),
  PARTITIONS: variable(
    wholeNumber(1, 1024),
    "16",
    "Into how many partitions accounts are spread; the same for every process of a database.",
  ),
  MOCK_SESSION: variable(
    oneOf("open", "calendar"),
    "open",
    "The simulated stock session: always `open`, or by the real `calendar`.",
  ),
  MOCK_CLOCK: variable(
    instant,
    null,
    "In mock mode, the instant at which the clock of every process starts.",
  ),
  MOCK_CLOCK_ANCHOR: variable(
    wholeNumber(0, 9_999_999_999_999),
    null,
    "The real time, in milliseconds since 1970, at which MOCK_CLOCK was that instant; `npm start` sets it.",
  ),
  ACTIVITY_IDS: variable(
    oneOf("same", "different", "none"),
    "same",
    "How the simulated exchange's activity ids relate to the execution ids of its stream.",
  ),
  EXCHANGE_HOST: variable(
    text,
    "127.0.0.1",
    "In mock mode, the host on which the other parts find the simulated exchange.",
  ),
  EXCHANGE_PORT: variable(
    wholeNumber(0, 65_535),
    "8100",
    "The port of the simulated exchange; `npm start` takes a free one when it is taken.",
  ),
  QUESTDB_URL: hidden(
    address(["postgres:", "postgresql:"], "postgres://admin:quest@host:8812/qdb"),
    null,
    "A QuestDB with ticks, by its PostgreSQL wire; unset takes prices from the broker.",
  ),
  QUESTDB_TABLE: variable(columnName, "ticks", "The table of ticks in that QuestDB."),
  QUESTDB_SYMBOL_COLUMN: variable(
    columnName,
    "symbol",
    "Its column of symbols, written as the broker writes them.",
  ),
  QUESTDB_TIME_COLUMN: variable(columnName, "timestamp", "Its designated timestamp."),
  QUESTDB_BID_COLUMN: variable(
    columnNameOrNone,
    "bid",
    "Its column of bids; `none` where it has no quotes.",
  ),
  QUESTDB_ASK_COLUMN: variable(
    columnNameOrNone,
    "ask",
    "Its column of asks; `none` where it has no quotes.",
  ),
  QUESTDB_LAST_COLUMN: variable(
    columnNameOrNone,
    "price",
    "Its column of trade prices; `none` where it has no trades.",
  ),
  POSTGRES_PASSWORD: hidden(
    secret,
    "fillstream",
    "The password of the PostgreSQL in docker-compose.yml, which alone reads it.",
  ),
  FILLSTREAM_URL: variable(
    address(http, "https://fillstream.example.com"),
    null,
    "Where the commands find the API; by default on this machine, at HOST and PORT.",
  ),
  FILLSTREAM_KEY: hidden(
    secret,
    null,
    "The API key of the commands; by default, on this machine only, the first start's from the data directory.",
  ),
  FILLSTREAM_DATA: variable(text, ".fillstream", "Where embedded servers keep their data."),
  FILLSTREAM_CACHE: variable(
    text,
    null,
    "Where a fetched Redis is kept; by default `fillstream` in XDG_CACHE_HOME or ~/.cache.",
  ),
} as const;

export type VariableName = keyof typeof variables;

/** A variable's value: never null where the table has a default. */
export type Values = {
  readonly [Name in VariableName]: (typeof variables)[Name] extends Variable<infer Value>
    ? Value | null
    : never;
};
