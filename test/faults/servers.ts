// A PostgreSQL and a Redis to be killed, stopped and filled up: on a small disk of their own where this
// machine lets us mount one.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  chmodSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { isAlive, signal } from "../../src/embedded/process.ts";
import { findRedis, type RedisSearch } from "../../src/embedded/redis-binary.ts";
import { holdServers, type HeldServers } from "../../src/embedded/servers.ts";
import type { RunningServer } from "../../src/embedded/server.ts";
import { until } from "../support/fillstream.ts";

export type ServerName = "postgres" | "redis";

export interface Servers {
  readonly postgres: RunningServer;
  readonly redis: RunningServer;
  /** Where the small disk is; null when none could be mounted. */
  readonly disk: string | null;
  /** The server and every process that works for it. */
  processesOf(name: ServerName): readonly number[];
  /** Starts one that died, where it was. */
  revive(name: ServerName): Promise<RunningServer>;
  release(): Promise<void>;
}

const DISK_OPTIONS = "size=700m,mode=711";
const PREFIX = "fillstream-faults-";
/** Who mounted a disk, so that the next run can take away what a killed one left. */
const OWNER = "owner";

/** Null when there is all that is needed, otherwise what is missing. */
export async function serversToBeHad(): Promise<string | null> {
  if (!existsSync("/proc/self/stat"))
    return "skipped: without /proc no server can be stopped whole";
  const redis = await findRedis(redisSearch());
  return "tried" in redis ? `skipped: no Redis (${redis.tried.join("; ")})` : null;
}

export async function startServers(): Promise<Servers> {
  removeLeftDisks();
  const directory = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(directory, 0o711);
  const disk = mountDisk(directory) ? directory : null;
  const held = await holdServers({
    dataDirectory: join(directory, "data"),
    ...{ postgres: true, redis: true, temporary: true },
    redisSearch: redisSearch(),
  });
  if (held.postgres === null || held.redis === null) {
    throw new Error(`No servers: ${held.redisMissing?.join("; ") ?? ""}`);
  }
  return control(held, { postgres: held.postgres, redis: held.redis }, { directory, disk });
}

function control(
  held: HeldServers,
  running: Record<ServerName, RunningServer>,
  { directory, disk }: { directory: string; disk: string | null },
): Servers {
  return {
    get postgres() {
      return running.postgres;
    },
    get redis() {
      return running.redis;
    },
    disk,
    processesOf: (name) => [running[name].pid, ...childrenOf(running[name].pid)],
    async revive(name) {
      const before = running[name].pid;
      await until(
        () => !isAlive(before) && childrenOf(before).length === 0,
        () => `${name} is not gone`,
      );
      const server = await held.revive(name);
      if (server === null) throw new Error(`${name} does not come back`);
      running[name] = server;
      return server;
    },
    async release() {
      // A server that was left standing still would not hear that it should end.
      for (const name of ["postgres", "redis"] as const) {
        for (const pid of [running[name].pid, ...childrenOf(running[name].pid)]) {
          signal(pid, "SIGCONT");
        }
      }
      await held.release();
      if (disk !== null) execFileSync("umount", ["-l", disk]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function redisSearch(): RedisSearch {
  const base = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return {
    searchPath: (process.env["PATH"] ?? "").split(delimiter),
    cacheDirectory: process.env["FILLSTREAM_CACHE"] ?? join(base, "fillstream"),
  };
}

function mountDisk(directory: string): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", DISK_OPTIONS, "fillstream", directory], {
      stdio: "ignore",
    });
    writeFileSync(join(directory, OWNER), String(process.pid));
    return true;
  } catch {
    return false;
  }
}

function removeLeftDisks(): void {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(PREFIX))) {
    const owner = join(tmpdir(), name, OWNER);
    if (!existsSync(owner) || isAlive(Number(readFileSync(owner, "utf8")))) continue;
    execFileSync("umount", ["-l", join(tmpdir(), name)]);
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? null : Number(parent);
  } catch {
    return null;
  }
}
