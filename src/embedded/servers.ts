// The embedded servers as one thing: shared by every process of a data directory, stopped by the last.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { serverAccount, everyoneCanReach } from "./account.ts";
import { exclusively } from "./claim.ts";
import { makeDirectory, unusable } from "./directory.ts";
import { startGuard, type Guard } from "./guard.ts";
import { startPostgres, stopLeftPostgres } from "./postgres.ts";
import { identityOf, signal } from "./process.ts";
import { holderAlive, readHolder, type Holder } from "./holders.ts";
import { adoptRedis, startRedis, stopLeftRedis } from "./redis.ts";
import { findRedis, type RedisSearch } from "./redis-binary.ts";
import type { RunningServer } from "./server.ts";

export interface ServersWanted {
  readonly dataDirectory: string;
  readonly postgres: boolean;
  readonly redis: boolean;
  readonly redisSearch: RedisSearch;
  /** Thrown away at the end, and so allowed to be fast instead of durable. */
  readonly temporary?: boolean;
}

export interface HeldServers {
  readonly postgres: RunningServer | null;
  readonly redis: RunningServer | null;
  /** Why there is no Redis although one was wanted: what was tried. */
  readonly redisMissing: readonly string[] | null;
  /** Starts one that died again, where it was. */
  revive(name: "postgres" | "redis"): Promise<RunningServer | null>;
  isReleased(): boolean;
  /** Stops them when no other process holds them. */
  release(): Promise<void>;
}

/** Where root puts what an account without rights must reach, when the data directory is private. */
const ROOT_DIRECTORY = "/var/lib/fillstream";

/** Speed for data that nobody will miss; a killed process still loses nothing, a power cut would. */
const temporarySettings = {
  postgres: { fsync: "off", full_page_writes: "off", max_connections: "200" },
  redis: { appendfsync: "no", databases: "1024" },
};

export async function holdServers(wanted: ServersWanted): Promise<HeldServers> {
  const dataDirectory = resolve(wanted.dataDirectory);
  makeDirectory(dataDirectory, 0o711);
  const holders = join(dataDirectory, "holders");
  makeDirectory(holders);
  const lock = join(dataDirectory, "servers.lock");
  return exclusively(lock, async () => {
    const others = dismissTheDead(holders);
    // A guard may have told them to stop a moment ago, which nothing shows: only what is held is shared.
    if (others.length === 0) await stopLeftovers(dataDirectory);
    const guard = enter(holders, dataDirectory, wanted.temporary === true);
    try {
      const started = await startAll({ ...wanted, dataDirectory });
      return hold(started, { ...wanted, dataDirectory }, (last) => {
        // Somebody may have removed the directory under us; then nobody else holds what is in it.
        if (!existsSync(holders)) return stopAll(last, guard);
        const stop = (): Promise<void> => leave(last, guard, holders);
        // A full disk has no room for a claim, but what was started is stopped all the same.
        return exclusively(lock, stop).catch(stop);
      });
    } catch (error) {
      await leave({ postgres: null, redis: null }, guard, holders);
      throw error;
    }
  });
}

type Started = Pick<HeldServers, "postgres" | "redis" | "redisMissing">;

function hold(
  started: Started,
  wanted: ServersWanted,
  goodbye: (last: Servers) => Promise<void>,
): HeldServers {
  let { postgres, redis } = started;
  let isReleased = false;
  return {
    ...started,
    isReleased: () => isReleased,
    async revive(name) {
      if (name === "postgres") {
        postgres = await startOurPostgres(wanted, postgres?.port);
        return postgres;
      }
      redis = (await startOurRedis(wanted, redis?.port)).server;
      return redis;
    },
    release() {
      isReleased = true;
      return goodbye({ postgres, redis });
    },
  };
}

/** The cluster, which root may have had to put outside a private directory. */
export function postgresDirectory(dataDirectory: string): string {
  const usual = join(resolve(dataDirectory), "postgres");
  const hash = createHash("sha256").update(resolve(dataDirectory)).digest("hex").slice(0, 16);
  const outside = join(ROOT_DIRECTORY, hash, "postgres");
  // Once made, a cluster stays where it is, whatever becomes of the modes on the way to it.
  const made = [usual, outside].find((directory) => existsSync(join(directory, "PG_VERSION")));
  if (made !== undefined) return made;
  return serverAccount() === null || everyoneCanReach(dataDirectory) ? usual : outside;
}

function redisDirectory(dataDirectory: string): string {
  return join(resolve(dataDirectory), "redis");
}

function enter(holders: string, dataDirectory: string, temporary: boolean): Guard {
  const guard = startGuard({
    postgresPidFile: join(postgresDirectory(dataDirectory), "postmaster.pid"),
    redisPidFile: join(redisDirectory(dataDirectory), "redis.pid"),
    holders,
    removeDirectory: temporary ? dataDirectory : null,
  });
  const file = join(holders, String(process.pid));
  try {
    writeFileSync(file, `${identityOf(process.pid) ?? ""}\n${guard.pid ?? ""}\n`);
  } catch (error) {
    guard.dismiss();
    throw unusable(file, error);
  }
  return guard;
}

type Servers = Pick<HeldServers, "postgres" | "redis">;

async function leave(servers: Servers, guard: Guard, holders: string): Promise<void> {
  rmSync(join(holders, String(process.pid)), { force: true });
  if (allHolders(holders).some(holderAlive)) guard.dismiss();
  else await stopAll(servers, guard);
}

async function stopAll({ postgres, redis }: Servers, guard: Guard): Promise<void> {
  await Promise.all([postgres?.stop(), redis?.stop()]);
  guard.dismiss();
}

/** The living holders; the guards of the others would stop what is about to start. */
function dismissTheDead(holders: string): Holder[] {
  const all = allHolders(holders);
  for (const holder of all.filter((each) => !holderAlive(each))) {
    if (holder.guardIsOurs) signal(holder.guard, "SIGKILL");
    rmSync(holder.file, { force: true });
  }
  return all.filter(holderAlive);
}

async function stopLeftovers(dataDirectory: string): Promise<void> {
  await Promise.all([
    stopLeftPostgres(postgresDirectory(dataDirectory)),
    stopLeftRedis(redisDirectory(dataDirectory)),
  ]);
}

function allHolders(holders: string): Holder[] {
  return readdirSync(holders).map((name) => readHolder(join(holders, name)));
}

async function startAll(wanted: ServersWanted): Promise<Started> {
  const [postgres, redis] = await Promise.allSettled([
    wanted.postgres ? startOurPostgres(wanted) : null,
    wanted.redis ? startOurRedis(wanted) : { server: null, missing: null },
  ]);
  if (postgres.status === "fulfilled" && redis.status === "fulfilled") {
    const { server, missing } = redis.value;
    return { postgres: postgres.value, redis: server, redisMissing: missing };
  }
  if (postgres.status === "fulfilled") await postgres.value?.stop();
  if (redis.status === "fulfilled") await redis.value.server?.stop();
  throw postgres.status === "rejected" ? postgres.reason : failure(redis);
}

function failure(result: PromiseSettledResult<unknown>): unknown {
  return result.status === "rejected" ? result.reason : undefined;
}

function startOurPostgres(wanted: ServersWanted, port?: number): Promise<RunningServer> {
  const temporary = wanted.temporary === true;
  return startPostgres({
    port,
    directory: postgresDirectory(wanted.dataDirectory),
    sharedDirectory: temporary ? wanted.dataDirectory : ROOT_DIRECTORY,
    ...(temporary ? { settings: temporarySettings.postgres } : {}),
  });
}

async function startOurRedis(
  wanted: ServersWanted,
  port?: number,
): Promise<{ server: RunningServer | null; missing: readonly string[] | null }> {
  const directory = redisDirectory(wanted.dataDirectory);
  const adopted = await adoptRedis(directory);
  if (adopted !== null) return { server: adopted, missing: null };
  const binary = await findRedis(wanted.redisSearch);
  if ("tried" in binary) return { server: null, missing: binary.tried };
  const settings = wanted.temporary === true ? { settings: temporarySettings.redis } : {};
  return { server: await startRedis({ directory, port, ...settings }, binary), missing: null };
}
