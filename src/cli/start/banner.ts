// The lines that tell a person, once everything is up, where it is and what mode it is in.
import { join } from "node:path";
import type { Config } from "../../config.ts";
import { withoutPassword } from "../../config/secret.ts";
import { redisWarning } from "../parts/redis-check.ts";
import { homeAddress } from "./ready.ts";
import type { Running } from "./supervisor.ts";

export function banner(config: Config, running: Running, tookMs: number): string {
  const { addresses, redisMissing } = running;
  const lines: [string, string][] = [
    ["Dashboard and API", homeAddress(config)],
    ["Mode", modeLine(config)],
    ["PostgreSQL", withoutPassword(addresses.databaseUrl)],
    ["Redis", redisLine(addresses.redisUrl)],
    ...exchangeLines(addresses.exchangePort),
    ["Addresses as KEY=value", join(config.dataDirectory, "env")],
  ];
  const width = Math.max(...lines.map(([title]) => title.length));
  const body = lines.map(([title, value]) => `  ${title.padEnd(width)}  ${value}\n`).join("");
  const loud = redisMissing === null ? "" : redisWarning(redisMissing);
  return `\nFillstream is ready (${(tookMs / 1000).toFixed(1)} s).\n\n${body}\n${loud}`;
}

function modeLine({ mode, auth, mock }: Config): string {
  const may = auth === "off" ? "no API key needed" : "an API key is needed";
  if (mode !== "mock") return `${mode}, ${may}`;
  const session =
    mock.session === "open" ? "the stock session is always open" : "stocks trade by the calendar";
  const clock = mock.clock === null ? "" : `, the clock began at ${mock.clock}`;
  return `mock, ${may}, ${session}${clock}`;
}

function redisLine(url: string | null): string {
  return url === null ? "none: PostgreSQL drives the worker" : withoutPassword(url);
}

function exchangeLines(port: number | null): [string, string][] {
  return port === null ? [] : [["Simulated exchange", `http://127.0.0.1:${port}`]];
}
