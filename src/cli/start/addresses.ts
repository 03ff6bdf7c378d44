// Where everything is: the variables that the parts get, and that `.fillstream/env` tells a person.
import type { Config } from "../../config.ts";
import { inheritedEnvironment } from "../../config.ts";

export interface Addresses {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  /** Null when the exchange is not ours. */
  readonly exchangePort: number | null;
}

export function variablesOf(config: Config, addresses: Addresses): Record<string, string> {
  const { databaseUrl, redisUrl, exchangePort } = addresses;
  return {
    FILLSTREAM_DATA: config.dataDirectory,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl ?? "none",
    HOST: config.host,
    PORT: String(config.port),
    ...(exchangePort === null ? {} : exchangeVariables(exchangePort)),
  };
}

function exchangeVariables(port: number): Record<string, string> {
  return {
    EXCHANGE_PORT: String(port),
    ALPACA_BASE_URL: `http://127.0.0.1:${port}`,
    ALPACA_DATA_URL: `http://127.0.0.1:${port}`,
    ALPACA_STREAM_URL: `ws://127.0.0.1:${port}/stream`,
  };
}

/** What every part inherits, before it is known where the servers are. */
export function environmentOf(config: Config, exchangePort: number | null): NodeJS.ProcessEnv {
  return {
    ...inheritedEnvironment(),
    FILLSTREAM_DATA: config.dataDirectory,
    LOG_FORMAT: config.logFormat,
    ...(exchangePort === null ? {} : exchangeVariables(exchangePort)),
    ...(config.mock.clock === null
      ? {}
      : { MOCK_CLOCK: config.mock.clock, MOCK_CLOCK_ANCHOR: String(Date.now()) }),
  };
}

/** `KEY=value` lines, which a shell can read with `set -a; . .fillstream/env`. */
export function envFile(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([key, value]) => `${key}=${quoted(value)}\n`);
  return lines.join("");
}

function quoted(value: string): string {
  return /^[\w@%+=:,./*-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
