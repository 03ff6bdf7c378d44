// The configuration: the only reader of the environment, typed, checked whole, and told in sentences.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { Secret } from "./config/secret.ts";
import { crossCheck, isLoopback, modeOf, type Mode } from "./config/mode.ts";
import { variables, type Values, type VariableName } from "./config/variables.ts";
import { messageOf, OperatorError } from "./operator-error.ts";

export interface Config {
  readonly mode: Mode;
  readonly alpaca: {
    readonly key: Secret;
    readonly secret: Secret;
    readonly baseUrl: string;
    readonly dataUrl: string;
    readonly streamUrl: string;
    readonly requestsPerMinute: number;
    /** Null: prices come from the poll alone. */
    readonly dataStreamUrl: string | null;
    readonly stockFeed: NonNullable<Values["ALPACA_STOCK_FEED"]>;
    /** True when ALPACA_BASE_URL names a host, so that no exchange of our own is needed. */
    readonly hostIsChosen: boolean;
  };
  /** Null: an embedded server is started, or one that runs already is used. */
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  /** True when REDIS_URL is `none`: no Redis is started either, and the sweep drives the worker. */
  readonly redisIsOff: boolean;
  readonly host: string;
  readonly port: number;
  readonly isLoopback: boolean;
  readonly auth: "keys" | "off";
  /** The public entrance for senders without HTTP. */
  readonly streamSignals: { readonly isOn: boolean; readonly maxNotional: string | null };
  readonly api: {
    readonly jwt: {
      readonly key: { readonly secret: Secret } | { readonly jwksUrl: string };
      readonly issuer: string | null;
      readonly audience: string | null;
    } | null;
    readonly requestsPerSecond: number;
    readonly trustedProxies: readonly string[];
    readonly tradingViewAddresses: readonly string[] | null;
    readonly allowPrivateWebhooks: boolean;
  };
  /** For the commands that talk to the API. */
  readonly client: { readonly url: string | null; readonly key: Secret | null };
  readonly logLevel: NonNullable<Values["LOG_LEVEL"]>;
  readonly logFormat: "json" | "pretty";
  /** Null: no spans are recorded. */
  readonly tracing: {
    readonly endpoint: string;
    readonly headers: NonNullable<Values["OTEL_EXPORTER_OTLP_HEADERS"]>;
    readonly share: number;
  } | null;
  readonly partitions: number;
  readonly mock: {
    readonly session: "open" | "calendar";
    /** The instant that MOCK_CLOCK asks for, as text; null without one. */
    readonly clock: string | null;
    /** How far the clock of mock mode is ahead of the real one; 0 without MOCK_CLOCK. */
    readonly clockOffsetMs: number;
  };
  readonly exchange: { readonly port: number; readonly activityIds: "same" | "different" | "none" };
  readonly questdb: {
    readonly url: string;
    readonly ticks: {
      readonly table: string;
      readonly symbol: string;
      readonly at: string;
      readonly bid: string | null;
      readonly ask: string | null;
      readonly last: string | null;
    };
  } | null;
  readonly pricesEveryMs: number;
  readonly reconcileEveryMs: number;
  readonly instrumentsEveryMs: number;
  readonly dataDirectory: string;
  readonly cacheDirectory: string;
  /** The folders of PATH, where a Redis may be installed. */
  readonly searchPath: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a child process gets besides the variables that its parent found out. */
export function inheritedEnvironment(): Environment {
  return process.env;
}

/** True below `npm start`, whose end must be ours too. */
export function isRunByNpm(environment: Environment = process.env): boolean {
  return environment["npm_lifecycle_event"] !== undefined;
}

export interface Sources {
  readonly environment?: Environment;
  /** Where `.env` is looked for. */
  readonly directory?: string;
  /** What holds where neither the environment nor `.env` says otherwise. */
  readonly beneath?: Environment;
}

/** Reads `.env` in the working directory, where there is one; what is set outside it wins. */
export function loadConfig(sources: Sources = {}): Config {
  const { environment = process.env, directory = process.cwd(), beneath = {} } = sources;
  const file = join(directory, ".env");
  const fromFile: Environment = existsSync(file) ? parseEnv(readEnvFile(file)) : {};
  const problems = unknownNames(environment, fromFile);
  const given = { ...beneath, ...withoutEmpty(fromFile), ...withoutEmpty(environment) };
  const values = readAll(given, problems);
  problems.push(...crossCheck(values));
  if (problems.length > 0) throw new OperatorError(tell(problems));
  return assemble(values, given, directory);
}

function readEnvFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error: unknown) {
    throw new OperatorError(`${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

function readAll(given: Environment, problems: string[]): Values {
  const entries = Object.entries(variables).map(([name, { schema, fallback, ...rest }]) => {
    const value = given[name] ?? fallback;
    if (value === null) return [name, null];
    const result = schema.safeParse(value);
    if (result.success) return [name, result.data];
    const shown = "isSecret" in rest ? "is not usable" : `is ${JSON.stringify(value)}`;
    problems.push(`${name} ${shown}: ${result.error.issues[0]?.message ?? "it is malformed"}.`);
    return [name, null];
  });
  // Object.fromEntries forgets which name has which type; the table above is what gives them.
  return Object.fromEntries(entries) as Values;
}

/** A compose file sets what it does not know to nothing, which means unset. */
function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
}

const ourPrefixes = ["ALPACA_", "FILLSTREAM_", "MOCK_"];
/** Names like these belong to other programs of the same machine too, and so may their neighbours. */
const SHARED =
  /^(?:DATABASE_URL|REDIS_URL|HOST|PORT|AUTH|PARTITIONS|(?:LOG|JWT|OTEL|POSTGRES)_.*)$/;
const ourNames = Object.keys(variables).filter((name) => !SHARED.test(name));

/** In `.env` every name must be ours; outside it, those that begin like ours or are a slip of the pen away. */
function unknownNames(environment: Environment, fromFile: Environment): string[] {
  const outside = Object.keys(environment).filter(
    (name) =>
      ourPrefixes.some((prefix) => name.startsWith(prefix)) ||
      ourNames.some((ours) => isNearly(name, ours)),
  );
  const names = new Set([...Object.keys(fromFile), ...outside]);
  return [...names].filter((name) => !Object.hasOwn(variables, name)).map(unknownName);
}

function unknownName(name: string): string {
  const known = Object.keys(variables).toSorted((a, b) => distance(name, a) - distance(name, b));
  return `${name} is not a variable of Fillstream; did you mean ${known[0]}? (.env.example lists them all.)`;
}

/** The lengths are compared first: every process looks at the whole environment. */
function isNearly(name: string, ours: string): boolean {
  return Math.abs(name.length - ours.length) <= 1 && distance(name, ours) === 1;
}

/** How many letters must change to make one name of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function tell(problems: readonly string[]): string {
  const [first] = problems;
  if (problems.length === 1 && first !== undefined) return first;
  const lines = problems.map((problem) => `  ${problem}`);
  return [`The configuration has ${problems.length} problems:`, ...lines].join("\n");
}

function assemble(values: Values, environment: Environment, directory: string): Config {
  const mode = modeOf(values);
  const host = values.HOST ?? "127.0.0.1";
  const local = isLoopback(host);
  return {
    mode,
    alpaca: alpacaOf(values, mode),
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL === "none" ? null : values.REDIS_URL,
    redisIsOff: values.REDIS_URL === "none",
    host,
    port: must(values, "PORT"),
    isLoopback: local,
    auth: values.AUTH ?? (mode === "mock" && local ? "off" : "keys"),
    streamSignals: {
      isOn: (values.STREAM_SIGNALS ?? (mode === "mock" && local ? "on" : "off")) === "on",
      maxNotional: values.STREAM_SIGNALS_MAX_NOTIONAL,
    },
    api: apiOf(values),
    client: { url: values.FILLSTREAM_URL, key: values.FILLSTREAM_KEY },
    logLevel: must(values, "LOG_LEVEL"),
    logFormat: values.LOG_FORMAT ?? (process.stdout.isTTY ? "pretty" : "json"),
    tracing: tracingOf(values),
    partitions: must(values, "PARTITIONS"),
    mock: mockOf(values),
    exchange: { port: must(values, "EXCHANGE_PORT"), activityIds: must(values, "ACTIVITY_IDS") },
    questdb: questdbOf(values),
    pricesEveryMs: must(values, "PRICES_EVERY_MS"),
    reconcileEveryMs: must(values, "RECONCILE_EVERY_MS"),
    instrumentsEveryMs: must(values, "INSTRUMENTS_EVERY_MS"),
    dataDirectory: resolve(directory, must(values, "FILLSTREAM_DATA")),
    cacheDirectory: resolve(directory, values.FILLSTREAM_CACHE ?? usualCache(environment)),
    searchPath: (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""),
  };
}

/** The value of a variable that the table gives a default. */
function must<Name extends VariableName>(values: Values, name: Name): NonNullable<Values[Name]> {
  const value = values[name];
  if (value === null || value === undefined) throw new Error(`${name} has no default`);
  return value;
}

function questdbOf(values: Values): Config["questdb"] {
  const { QUESTDB_URL: url } = values;
  if (url === null) return null;
  return {
    url,
    ticks: {
      table: must(values, "QUESTDB_TABLE"),
      symbol: must(values, "QUESTDB_SYMBOL_COLUMN"),
      at: must(values, "QUESTDB_TIME_COLUMN"),
      bid: values.QUESTDB_BID_COLUMN,
      ask: values.QUESTDB_ASK_COLUMN,
      last: values.QUESTDB_LAST_COLUMN,
    },
  };
}

function tracingOf(values: Values): Config["tracing"] {
  const endpoint = values.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === null) return null;
  const headers = values.OTEL_EXPORTER_OTLP_HEADERS ?? [];
  return { endpoint, headers, share: must(values, "OTEL_TRACES_SAMPLER_ARG") };
}

function apiOf(values: Values): Config["api"] {
  const { JWT_SECRET: secret, JWT_JWKS_URL: jwksUrl } = values;
  const key = jwksUrl !== null ? { jwksUrl } : secret !== null ? { secret } : null;
  return {
    jwt: key === null ? null : { key, issuer: values.JWT_ISSUER, audience: values.JWT_AUDIENCE },
    requestsPerSecond: must(values, "RATE_LIMIT_PER_SECOND"),
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    tradingViewAddresses: values.TRADINGVIEW_ADDRESSES,
    allowPrivateWebhooks: must(values, "WEBHOOKS_TO_PRIVATE"),
  };
}

function alpacaOf(values: Values, mode: Mode): Config["alpaca"] {
  const exchange = `http://${must(values, "EXCHANGE_HOST")}:${must(values, "EXCHANGE_PORT")}`;
  const hosts = {
    mock: { base: exchange, data: exchange },
    paper: { base: "https://paper-api.alpaca.markets", data: "https://data.alpaca.markets" },
    live: { base: "https://api.alpaca.markets", data: "https://data.alpaca.markets" },
  }[mode];
  const baseUrl = values.ALPACA_BASE_URL ?? hosts.base;
  // A simulated exchange elsewhere has market data on the same host.
  const data = mode === "mock" ? baseUrl : hosts.data;
  return {
    key: must(values, "ALPACA_API_KEY"),
    secret: values.ALPACA_API_SECRET ?? new Secret("mock"),
    baseUrl,
    dataUrl: values.ALPACA_DATA_URL ?? data,
    streamUrl: values.ALPACA_STREAM_URL ?? `${baseUrl.replace(/^http/, "ws")}/stream`,
    requestsPerMinute: must(values, "ALPACA_REQUESTS_PER_MINUTE"),
    dataStreamUrl: values.ALPACA_DATA_STREAM_URL,
    stockFeed: must(values, "ALPACA_STOCK_FEED"),
    hostIsChosen: values.ALPACA_BASE_URL !== null,
  };
}

function mockOf(values: Values): Config["mock"] {
  const { MOCK_CLOCK: clock, MOCK_CLOCK_ANCHOR: anchor } = values;
  return {
    session: must(values, "MOCK_SESSION"),
    clock: clock === null ? null : new Date(clock).toISOString(),
    clockOffsetMs: clock === null ? 0 : clock - (anchor ?? Date.now()),
  };
}

function usualCache(environment: Environment): string {
  const base = environment["XDG_CACHE_HOME"] ?? join(environment["HOME"] ?? homedir(), ".cache");
  return join(base, "fillstream");
}
