// Starts, adopts and stops a PostgreSQL of our own on a data directory of its own.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { messageOf, OperatorError } from "../operator-error.ts";
import { serverAccount, type Account } from "./account.ts";
import { makeDirectory, requireFreeSpace, writePrivateFile } from "./directory.ts";
import { freePort, portIsFree } from "./port.ts";
import { findPostgres, POSTGRES_MAJOR, type PostgresBinaries } from "./postgres-binaries.ts";
import { commandOf, endProcess, exists, isAlive, waitForEnd, waitWhile } from "./process.ts";
import {
  becomesReady,
  endOfChild,
  endOfForeign,
  lastLines,
  launch,
  type RunningServer,
} from "./server.ts";
import { readIfThere } from "./read-if-there.ts";

export interface PostgresOptions {
  /** The cluster; its log and password lie beside it. See `postgresDirectory` for root. */
  readonly directory: string;
  /** Where binaries go that an account without rights could not reach otherwise. */
  readonly sharedDirectory: string;
  /** Tried first; any free one when it is taken. */
  readonly port?: number | undefined;
  readonly settings?: Readonly<Record<string, string>>;
}

const USER = "fillstream";
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const REAP_TIMEOUT_MS = 10_000;
const [SMALLEST_CACHE_MB, LARGEST_CACHE_MB] = [128, 1_024];

/**
 * An eighth of the memory: what is traded on every day has to stay in it beside a long past. Memory is taken as it
 * is used, so that a young database is as small as ever.
 */
export function cacheMegabytes(bytes: number): number {
  const eighth = Math.floor(bytes / 8 / 1024 / 1024);
  return Math.min(LARGEST_CACHE_MB, Math.max(SMALLEST_CACHE_MB, eighth));
}

/** Of the machine, or of the container where that is less. */
function memoryBytes(): number {
  const allowed = process.constrainedMemory();
  return allowed === undefined || allowed === 0 ? totalmem() : Math.min(allowed, totalmem());
}

const durableSettings = {
  listen_addresses: "127.0.0.1",
  // The usual socket directory may not be writable, and one transport is enough.
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: `${cacheMegabytes(memoryBytes())}MB`,
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  timezone: "UTC",
  log_timezone: "UTC",
  lc_messages: "C",
  log_min_messages: "warning",
  jit: "off",
};

export async function startPostgres(options: PostgresOptions): Promise<RunningServer> {
  const directory = resolve(options.directory);
  const adopted = await adopt(directory);
  if (adopted !== null) return adopted;

  const account = serverAccount();
  const binaries = await findPostgres(account, options.sharedDirectory);
  await createCluster(directory, binaries, account);
  refuseOtherVersion(directory);
  for (let attempt = 1; ; attempt += 1) {
    const server = await run({ ...options, directory }, binaries, account);
    if (server !== null) return server;
    // The port may have been taken between looking and listening; anything else fails again at once.
    if (attempt === 3) throw didNotStart(directory);
  }
}

/** Ends a server that nobody holds any more, so that the next one starts on a quiet directory. */
export async function stopLeftPostgres(directory: string): Promise<void> {
  const found = readPidFile(directory);
  if (found === null || !isOurs(found.pid, directory)) return;
  await endProcess(found.pid, "SIGINT", STOP_TIMEOUT_MS);
}

function isOurs(pid: number, directory: string): boolean {
  return isAlive(pid) && commandOf(pid)?.includes(directory) === true;
}

function passwordFile(directory: string): string {
  return `${directory}.password`;
}

function logFile(directory: string): string {
  return `${directory}.log`;
}

function urlOf(directory: string, port: number): string {
  const password = readFileSync(passwordFile(directory), "utf8").trim();
  return `postgres://${USER}:${password}@127.0.0.1:${port}/fillstream`;
}

/** A server that another process holds is shared; one that is stopping is waited for. */
async function adopt(directory: string): Promise<RunningServer | null> {
  const found = readPidFile(directory);
  if (found === null) return null;
  if (!isAlive(found.pid)) {
    // Until init has waited for a killed one, its successor would believe it alive and refuse.
    await waitWhile(() => exists(found.pid), REAP_TIMEOUT_MS);
    return null;
  }
  if (!isOurs(found.pid, directory)) {
    // After a crash of the machine the number may belong to a stranger, which PostgreSQL takes for itself.
    rmSync(join(directory, "postmaster.pid"), { force: true });
    return null;
  }
  if (found.state !== "ready" || !(await speaksPostgres(found.port))) {
    await waitForEnd(found.pid, STOP_TIMEOUT_MS);
    return null;
  }
  return {
    url: urlOf(directory, found.port),
    port: found.port,
    pid: found.pid,
    adopted: true,
    ended: endOfForeign(found.pid),
    stop: () => stop(found.pid),
  };
}

interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly state: string;
}

/** `postmaster.pid`: line 1 the process, 4 the port, 8 its state. */
function readPidFile(directory: string): PidFile | null {
  const text = readIfThere(join(directory, "postmaster.pid"));
  if (text === null) return null;
  const lines = text.split("\n");
  return { pid: Number(lines[0]), port: Number(lines[3]), state: (lines[7] ?? "").trim() };
}

/** Every PostgreSQL answers a request for TLS with one letter. */
function speaksPostgres(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection(port, "127.0.0.1");
    const finish = (answer: boolean): void => {
      socket.destroy();
      done(answer);
    };
    socket.setTimeout(2_000, () => finish(false));
    socket.once("error", () => finish(false));
    socket.once("data", (data) => finish(["S", "N"].includes(data.toString("latin1", 0, 1))));
    socket.once("connect", () => socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])));
  });
}

/** Made aside and renamed, so that an interrupted first start leaves nothing half made. */
async function createCluster(
  directory: string,
  binaries: PostgresBinaries,
  account: Account | null,
): Promise<void> {
  if (existsSync(join(directory, "PG_VERSION"))) return;
  const parent = dirname(directory);
  makeDirectory(parent, account === null ? 0o700 : 0o711);
  requireFreeSpace(parent);
  const partial = `${directory}.new`;
  rmSync(partial, { recursive: true, force: true });
  makeDirectory(partial);
  writePrivateFile(passwordFile(directory), randomBytes(24).toString("hex"));
  if (account !== null) {
    for (const path of [partial, passwordFile(directory)]) {
      chownSync(path, account.uid, account.gid);
    }
  }
  try {
    await initialise(partial, binaries, { account, password: passwordFile(directory) });
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    const output = messageOf(error);
    const full = output.includes("No space left on device");
    const reason = full ? "its disk is full" : (output.trim().split("\n").at(-1) ?? output);
    throw new OperatorError(`PostgreSQL could not make ${directory}: ${reason}.`, { cause: error });
  }
  renameSync(partial, directory);
}

async function initialise(
  directory: string,
  { initdb, postgres }: PostgresBinaries,
  { account, password }: { account: Account | null; password: string },
): Promise<void> {
  const ids = account === null ? {} : { uid: account.uid, gid: account.gid };
  const options = { ...ids, cwd: "/" };
  const args = ["-D", directory, "-U", USER, `--pwfile=${password}`, "-E", "UTF8"];
  args.push("--locale=C", "--auth=scram-sha-256", "--no-instructions");
  await promisify(execFile)(initdb, args, options);
  // Single-user mode reads statements from its input: no port, no password, no race.
  const single = promisify(execFile)(postgres, ["--single", "-D", directory, "postgres"], options);
  single.child.stdin?.end(`CREATE DATABASE ${USER};\n`);
  await single;
}

function refuseOtherVersion(directory: string): void {
  const version = readFileSync(join(directory, "PG_VERSION"), "utf8").trim();
  if (version === POSTGRES_MAJOR) return;
  throw new OperatorError(
    `${directory} was made by PostgreSQL ${version}, and this Fillstream brings PostgreSQL ${POSTGRES_MAJOR}: take a backup with the Fillstream that made it, and restore it here.`,
  );
}

/** Null when the process ended before it was ready. */
async function run(
  { directory, port: wanted, settings }: PostgresOptions,
  { postgres }: PostgresBinaries,
  account: Account | null,
): Promise<RunningServer | null> {
  const port = wanted !== undefined && (await portIsFree(wanted)) ? wanted : await freePort();
  const all = { ...durableSettings, ...settings, port: String(port) };
  const assignments = Object.entries(all).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const args = ["-D", directory, ...assignments];
  const child = launch({ command: postgres, args, account, logFile: logFile(directory) });
  const isReady = (): boolean => {
    const found = readPidFile(directory);
    return found?.pid === child.pid && found?.state === "ready";
  };
  const ready = await becomesReady(child, isReady, START_TIMEOUT_MS);
  const pid = child.pid;
  if (!ready || pid === undefined) {
    if (pid !== undefined) await endProcess(pid, "SIGQUIT", STOP_TIMEOUT_MS);
    return null;
  }
  const ended = endOfChild(child);
  const url = urlOf(directory, port);
  return { url, port, pid, adopted: false, ended, stop: () => stop(pid) };
}

/** SIGINT is PostgreSQL's fast shutdown: it ends sessions, writes a checkpoint and leaves. */
function stop(pid: number): Promise<void> {
  return endProcess(pid, "SIGINT", STOP_TIMEOUT_MS);
}

function didNotStart(directory: string): OperatorError {
  const log = logFile(directory);
  const text = lastLines(log, 3);
  const full = text.includes("No space left on device");
  const reason = full ? "its disk is full" : `it says: ${text}`;
  return new OperatorError(`PostgreSQL did not start on ${directory}; ${reason} (log: ${log}).`);
}
