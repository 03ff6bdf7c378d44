// Log lines: one per event, JSON for machines or short text for a terminal, and nothing secret in either.
import { Writable } from "node:stream";
import { pino, type Logger, type LoggerOptions } from "pino";

export type { Logger } from "pino";

export interface LogSettings {
  readonly logLevel: string;
  readonly logFormat: "json" | "pretty";
}

/** Paths whose values never reach a line, at any level and in any child logger. */
const secretNames = [
  "password",
  "secret",
  "token",
  "apiKey",
  "api_key",
  "secretKey",
  "authorization",
  "cookie",
  "databaseUrl",
  "redisUrl",
  'headers["authorization"]',
  'headers["x-api-key"]',
  'headers["APCA-API-KEY-ID"]',
  'headers["APCA-API-SECRET-KEY"]',
];
const redact = {
  paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  censor: "[secret]",
};

/** `part` names the process: api, worker, exchange, start. */
export function createLogger(
  part: string,
  { logLevel, logFormat }: LogSettings,
  destination?: Writable,
): Logger {
  const options: LoggerOptions = {
    level: logLevel,
    base: { part, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact,
  };
  const output = destination ?? process.stdout;
  if (logFormat === "pretty") return pino(options, prettyInto(output));
  if (destination !== undefined) return pino(options, destination);
  // Written as soon as the loop turns, so that a line never holds up what it tells of.
  return pino(options, pino.destination({ dest: 1, sync: false }));
}

function prettyInto(output: Writable): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      output.write(
        chunk.toString("utf8").split("\n").filter(Boolean).map(prettyLine).join(""),
        done,
      );
    },
  });
}

const colours: Readonly<Record<string, string>> = {
  warn: "\u001b[33m",
  error: "\u001b[31m",
  fatal: "\u001b[31m",
};

function prettyLine(line: string): string {
  const { time, level, part, msg, pid: _pid, err, ...rest } = readLine(line);
  const details = Object.entries(rest).map(([name, value]) => ` ${name}=${shown(value)}`);
  const failure = err === undefined ? "" : ` ${shown(err)}`;
  const clock = text(time).slice(11, 23);
  const [on, off] = [
    colours[text(level)] ?? "",
    colours[text(level)] === undefined ? "" : "\u001b[0m",
  ];
  const head = `${clock} ${on}${text(level).padEnd(5)}${off} ${text(part).padEnd(8)} ${text(msg)}`;
  return `${head}${details.join("")}${failure}\n`;
}

/** Our own line, as pino wrote it a moment ago. */
function readLine(line: string): Record<string, unknown> {
  return JSON.parse(line) as Record<string, unknown>;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function shown(value: unknown): string {
  if (typeof value === "string") return value.includes(" ") ? JSON.stringify(value) : value;
  if (typeof value === "object" && value !== null && "message" in value) return text(value.message);
  return JSON.stringify(value);
}
