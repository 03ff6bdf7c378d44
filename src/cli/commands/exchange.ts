// `fillstream exchange`: the simulated exchange alone, for trying any Alpaca client offline.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../../config.ts";
import { runPart } from "../parts/run-part.ts";
import { UsageError } from "../command.ts";

export const name = "exchange";
export const summary = "run the simulated exchange, which speaks Alpaca's protocols";
export const usage = `fillstream exchange [--host ADDRESS] [--port N] [--memory]

  --host ADDRESS   listen on this address instead of 127.0.0.1
  --port N         listen on this port instead of EXCHANGE_PORT
  --memory         keep nothing on disk`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string" },
      memory: { type: "boolean", default: false },
    },
  });
  const config = loadConfig();
  const port = values.port === undefined ? config.exchange.port : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--port must be a whole number from 0 to 65535, not ${values.port}.`);
  }
  const { startExchange } = await import("../../exchange/serve.ts");
  return runPart(name, config, async () => {
    const running = await startExchange({
      host: values.host,
      port,
      dataDir: values.memory ? null : join(config.dataDirectory, "exchange"),
      session: config.mock.session,
      activityIds: config.exchange.activityIds,
    });
    // Below `npm start` the parent says where everything is.
    if (!process.connected) process.stdout.write(`The simulated exchange is at ${running.url}\n`);
    return running;
  });
}
