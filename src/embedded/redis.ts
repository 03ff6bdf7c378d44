// Starts, adopts and stops a Redis of our own on a data directory of its own.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join, resolve } from "node:path";
import { OperatorError } from "../operator-error.ts";
import { makeDirectory, writePrivateFile } from "./directory.ts";
import { freePort, portIsFree } from "./port.ts";
import { commandOf, endProcess, isAlive } from "./process.ts";
import type { RedisBinary } from "./redis-binary.ts";
import {
  becomesReady,
  endOfChild,
  endOfForeign,
  lastLines,
  launch,
  type RunningServer,
} from "./server.ts";
import { readIfThere } from "./read-if-there.ts";

export interface RedisOptions {
  readonly directory: string;
  /** Tried first; any free one when it is taken. */
  readonly port?: number | undefined;
  readonly settings?: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const durableSettings = {
  bind: "127.0.0.1",
  daemonize: "no",
  save: '""',
  appendonly: "yes",
  appendfsync: "always",
  "maxmemory-policy": "noeviction",
  // Keeps the command line as we wrote it, by which a server that outlived us is recognised.
  "set-proc-title": "no",
};

/** Ends a server that nobody holds any more. */
export async function stopLeftRedis(directory: string): Promise<void> {
  const found = readRunning(resolve(directory));
  if (found !== null) await stop(found.pid);
}

/** A server that another process holds; null when there is none. */
export async function adoptRedis(directory: string): Promise<RunningServer | null> {
  const found = readRunning(resolve(directory));
  if (found === null) return null;
  const { pid, port, password } = found;
  if (!(await answersPing(port, password))) {
    await endProcess(pid, "SIGTERM", STOP_TIMEOUT_MS);
    return null;
  }
  const url = urlOf(port, password);
  return { url, port, pid, adopted: true, ended: endOfForeign(pid), stop: () => stop(pid) };
}

export async function startRedis(
  options: RedisOptions,
  binary: RedisBinary,
): Promise<RunningServer> {
  const directory = resolve(options.directory);
  makeDirectory(directory);
  for (let attempt = 1; ; attempt += 1) {
    const server = await run({ ...options, directory }, binary);
    if (server !== null) return server;
    if (attempt === 3) throw didNotStart(directory);
  }
}

function urlOf(port: number, password: string): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

/** Null when the process ended before it was ready. */
async function run(
  { directory, port: wanted, settings }: RedisOptions,
  { command, libraryPath }: RedisBinary,
): Promise<RunningServer | null> {
  const port = wanted !== undefined && (await portIsFree(wanted)) ? wanted : await freePort();
  // The same for ever, so that clients find a restarted server open to them.
  const password = readPassword(directory) ?? randomBytes(24).toString("hex");
  const configuration = writeConfiguration(directory, { port, password, settings });
  const child = launch({
    command,
    args: [configuration],
    logFile: logFile(directory),
    ...(libraryPath === null ? {} : { environment: { LD_LIBRARY_PATH: libraryPath } }),
  });
  const ready = await becomesReady(child, () => answersPing(port, password), START_TIMEOUT_MS);
  const pid = child.pid;
  if (!ready || pid === undefined) {
    if (pid !== undefined) await endProcess(pid, "SIGTERM", STOP_TIMEOUT_MS);
    return null;
  }
  const ended = endOfChild(child);
  return { url: urlOf(port, password), port, pid, adopted: false, ended, stop: () => stop(pid) };
}

function writeConfiguration(
  directory: string,
  chosen: { port: number; password: string; settings: RedisOptions["settings"] },
): string {
  const lines = {
    ...durableSettings,
    ...chosen.settings,
    dir: `"${directory}"`,
    pidfile: `"${join(directory, "redis.pid")}"`,
    port: String(chosen.port),
    requirepass: chosen.password,
  };
  const path = configurationFile(directory);
  const text = Object.entries(lines).map(([key, value]) => `${key} ${value}\n`);
  writePrivateFile(path, text.join(""));
  return path;
}

function configurationFile(directory: string): string {
  return join(directory, "redis.conf");
}

function logFile(directory: string): string {
  return join(directory, "redis.log");
}

function readPassword(directory: string): string | null {
  const path = configurationFile(directory);
  if (!existsSync(path)) return null;
  return /^requirepass (\S+)$/m.exec(readFileSync(path, "utf8"))?.[1] ?? null;
}

function readRunning(directory: string): { pid: number; port: number; password: string } | null {
  const pidText = readIfThere(join(directory, "redis.pid"));
  const configuration = configurationFile(directory);
  if (pidText === null || !existsSync(configuration)) return null;
  const pid = Number(pidText);
  if (!isAlive(pid) || !commandOf(pid)?.includes(configuration)) return null;
  const port = Number(/^port (\d+)$/m.exec(readFileSync(configuration, "utf8"))?.[1]);
  return { pid, port, password: readPassword(directory) ?? "" };
}

/** One inline exchange: a client library would only slow the start. */
function answersPing(port: number, password: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection(port, "127.0.0.1");
    let answer = "";
    const finish = (ready: boolean): void => {
      socket.destroy();
      done(ready);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once("error", () => finish(false));
    socket.once("connect", () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on("data", (data) => {
      answer += data.toString("latin1");
      // While it reads its log it answers -LOADING, and is asked again.
      if (/^-/m.test(answer)) finish(false);
      else if (answer.includes("+PONG")) finish(true);
    });
  });
}

/** On SIGTERM it flushes its log and leaves. */
function stop(pid: number): Promise<void> {
  return endProcess(pid, "SIGTERM", STOP_TIMEOUT_MS);
}

function didNotStart(directory: string): OperatorError {
  const log = logFile(directory);
  const text = lastLines(log, 2);
  const full = text.includes("No space left on device");
  const reason = full ? "its disk is full" : `it says: ${text}`;
  return new OperatorError(`Redis did not start on ${directory}; ${reason} (log: ${log}).`);
}
