// `fillstream exchange`: the simulated exchange alone, for trying any Alpaca client offline.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../../config.ts";
import type { Config } from "../../config.ts";
import { runPart } from "../parts/run-part.ts";
import { UsageError } from "../command.ts";

export const name = "exchange";
export const summary = "run the simulated exchange, which speaks Alpaca's protocols";
export const usage = `fillstream exchange [--host ADDRESS] [--port N] [--memory] [--session MODE] [--seed TEXT]
                    [--rate N] [--latency MS] [--prices FILE]

  --host ADDRESS   listen on this address instead of 127.0.0.1
  --port N         listen on this port instead of EXCHANGE_PORT
  --memory         keep nothing on disk
  --session MODE   open: stocks trade at any hour; calendar: as in New York
  --seed TEXT      the same seed and the same requests give the same exchange
  --rate N         requests per minute and key; Alpaca allows 200
  --latency MS     how long every answer takes
  --prices FILE    play prices from a CSV: time,symbol,price[,bid,ask[,bid_size,ask_size]]

  fillstream exchange --memory --session open --latency 5`;

interface Flags {
  readonly host: string;
  readonly memory: boolean;
  readonly port?: string;
  readonly session?: string;
  readonly seed?: string;
  readonly rate?: string;
  readonly latency?: string;
  readonly prices?: string;
}

const MAX_PORT = 65_535;
const MAX_RATE = 1_000_000_000;
const MAX_LATENCY_MS = 600_000;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string" },
      memory: { type: "boolean", default: false },
      session: { type: "string" },
      seed: { type: "string" },
      rate: { type: "string" },
      latency: { type: "string" },
      prices: { type: "string" },
    },
  });
  const config = loadConfig();
  const options = optionsOf(values, config);
  const { startExchange } = await import("../../exchange/serve.ts");
  return runPart(name, config, async () => {
    const running = await startExchange(options);
    // Below `npm start` the parent says where everything is.
    if (!process.connected) {
      process.stdout.write(
        `The simulated exchange is at ${running.url}, its control interface at ${running.url}/control\n`,
      );
    }
    return running;
  });
}

function optionsOf(flags: Flags, config: Config) {
  const { clockOffsetMs } = config.mock;
  return {
    host: flags.host,
    port: whole("port", flags.port, MAX_PORT) ?? config.exchange.port,
    dataDir: flags.memory ? null : join(config.dataDirectory, "exchange"),
    session: sessionOf(flags.session) ?? config.mock.session,
    activityIds: config.exchange.activityIds,
    clock: {
      now: () => Date.now() + clockOffsetMs,
      after(delayMs: number, act: () => void) {
        const timer = setTimeout(act, delayMs);
        return () => clearTimeout(timer);
      },
    },
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...given("rateLimitPerMinute", whole("rate", flags.rate, MAX_RATE)),
    ...given("latencyMs", whole("latency", flags.latency, MAX_LATENCY_MS)),
    ...(flags.prices === undefined ? {} : { prices: fileText(flags.prices) }),
  };
}

function given<Key extends string>(key: Key, value: number | null): { [Name in Key]?: number } {
  return value === null ? {} : ({ [key]: value } as { [Name in Key]?: number }); // one key, its value
}

function whole(flag: string, text: string | undefined, most: number): number | null {
  if (text === undefined) return null;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError(`--${flag} must be a whole number from 0 to ${most}, not ${text}.`);
}

function sessionOf(text: string | undefined): "open" | "calendar" | null {
  if (text === undefined || text === "open" || text === "calendar") return text ?? null;
  throw new UsageError(`--session must be open or calendar, not ${text}.`);
}

function fileText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new UsageError(`--prices: ${path} cannot be read.`);
  }
}
